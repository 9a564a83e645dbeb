import { type Signal, signal } from "@preact/signals";
import type { AgentHealth, ServerRow } from "../model/server.ts";

/** What of the list is looked for; it stays while one looks at a server and comes back. */
export interface ListFilter {
  readonly text: Signal<string>;
  /** Empty for all. */
  readonly status: Signal<string>;
  readonly health: Signal<AgentHealth | "">;
}

export function createListFilter(): ListFilter {
  return { text: signal(""), status: signal(""), health: signal("") };
}

/** What a filter says at this moment. */
export interface Wanted {
  readonly text: string;
  readonly status: string;
  readonly health: AgentHealth | "";
}

/** Whether a server is looked for: every word in its name, id, address or image. */
export function matches(row: ServerRow, { text, status, health }: Wanted): boolean {
  if (status !== "" && row.status !== status) return false;
  if (health !== "" && row.agent.health !== health) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const told = [row.name, row.id, ...row.addresses, row.image?.name ?? ""].join(" ").toLowerCase();
  return words.every((word) => told.includes(word));
}
