import type { AgentHealth, ServerRow } from "./server.ts";
import { statusOf } from "./words.ts";

/** By what the list of servers is in order; `newest` is how the service lists them. */
export const serverOrders = ["newest", "name", "status", "agent"] as const;

export type OrderBy = (typeof serverOrders)[number];

export interface ServerOrder {
  readonly by: OrderBy;
  readonly isDescending: boolean;
}

export const newestFirst: ServerOrder = { by: "newest", isDescending: false };

/** Those that need somebody come first. */
const healthRanks: Readonly<Record<AgentHealth, number>> = {
  silent: 0,
  none: 1,
  unknown: 2,
  off: 3,
  healthy: 4,
};

type Compare = (one: ServerRow, other: ServerRow) => number;

/** The order that a column's header leads to: up, then down, then as the service lists them. */
export function nextOrder(order: ServerOrder, by: OrderBy): ServerOrder {
  if (order.by !== by) return { by, isDescending: false };
  return order.isDescending ? newestFirst : { by, isDescending: true };
}

/** How one row stands to another; undefined where they stay as they come. */
export function compareBy({ by, isDescending }: ServerOrder): Compare | undefined {
  const compare = ascending(by);
  if (compare === undefined || !isDescending) return compare;
  return (one, other) => compare(other, one);
}

function ascending(by: OrderBy): Compare | undefined {
  if (by === "newest") return undefined;
  // web-2 before web-10.
  const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const byName: Compare = (one, other) => compare(one.name, other.name);
  if (by === "name") return byName;
  const byWords: Compare = (one, other) => compare(statusOf(one).text, statusOf(other).text);
  if (by === "status") return (one, other) => byWords(one, other) || byName(one, other);
  return (one, other) => byHealth(one, other) || byName(one, other);
}

function byHealth(one: ServerRow, other: ServerRow): number {
  return healthRanks[one.agent.health] - healthRanks[other.agent.health];
}
