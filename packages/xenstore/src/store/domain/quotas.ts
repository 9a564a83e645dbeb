/**
 * Limits on what one unprivileged domain may hold, by the names of GET_QUOTA and SET_QUOTA, with
 * xenstored's defaults. Each allows exactly its number; 0 means no limit. Dom0 has none but the path's.
 */
export const DEFAULT_QUOTAS = {
  /** Nodes the domain owns. */
  nodes: 1000,
  /** Bytes of one node: 24, 8 a permission, the value, the names of the children with a nul each. */
  "node-size": 2048,
  /** Watches on all connections of the domain. */
  watches: 128,
  /** Transactions open at once on all connections of the domain. */
  transactions: 10,
  /** Nodes one transaction touches. */
  "transaction-nodes": 1024,
  /** Entries in one node's permissions. */
  "node-permissions": 5,
  /** Bytes of a path, without a leading `/local/domain/<domid>/`; also for dom0. */
  "path-max": 2048,
  /** Bytes that the watches and open transactions of the domain take, about. */
  memory: 2_621_440,
} as const;

export type QuotaName = keyof typeof DEFAULT_QUOTAS;

/** A limit for each quota. */
export type Quotas = Readonly<Record<QuotaName, number>>;

/** All quota names, in the order of GET_QUOTA. */
export const QUOTA_NAMES = Object.keys(DEFAULT_QUOTAS) as readonly QuotaName[];

/** Whether a text names a quota. */
export function isQuotaName(text: string): text is QuotaName {
  return Object.hasOwn(DEFAULT_QUOTAS, text);
}

/** Whether a count is over a limit. */
export function isOver(count: number, limit: number): boolean {
  return limit !== 0 && count > limit;
}

/** About what a name in a watch's path, or in a path that a transaction looked at, costs in memory. */
export const NAME_RECORD_BYTES = 400;

/** Bytes of a node's own record in xenstored: generation, three counts, padding. */
const NODE_RECORD_BYTES = 24;

/** Bytes of one permission in it. */
const PERMISSION_BYTES = 8;

/** A node's size as xenstored counts it. */
export function nodeSizeBytes(size: {
  readonly valueBytes: number;
  readonly permissions: number;
  readonly nameBytes: number;
}): number {
  return NODE_RECORD_BYTES + PERMISSION_BYTES * size.permissions + size.valueBytes + size.nameBytes;
}
