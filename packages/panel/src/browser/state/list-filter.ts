import { batch, signal } from "@preact/signals";
import type { AgentHealth, ServerRow } from "../model/server.ts";
import { newestFirst, type ServerOrder } from "../model/server-order.ts";

/** What of the list is looked for, and in which order; it stays while one looks at a server and comes back. */
export class ListFilter {
  readonly text = signal("");
  /** Empty for all. */
  readonly status = signal("");
  readonly health = signal<AgentHealth | "">("");
  readonly order = signal<ServerOrder>(newestFirst);
  #owner = "";

  /** Shows all again, in the order as it is. */
  clear(): void {
    batch(() => {
      this.text.value = "";
      this.status.value = "";
      this.health.value = "";
    });
  }

  /** Begins anew for somebody else: what one user has looked for is none of another's business. */
  own(owner: string): void {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.order.value = newestFirst;
    this.clear();
  }
}

/** What a filter says at this moment. */
export interface Wanted {
  readonly text: string;
  readonly status: string;
  readonly health: AgentHealth | "";
}

/** Whether a server is looked for: every word in its name, id, address or image. */
export function matcher({ text, status, health }: Wanted): (row: ServerRow) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  return (row) => {
    if (status !== "" && row.status !== status) return false;
    if (health !== "" && row.agent.health !== health) return false;
    if (words.length === 0) return true;
    const told = [row.name, row.id, ...row.addresses, row.image?.name ?? ""].join("\n").toLowerCase();
    return words.every((word) => told.includes(word));
  };
}
