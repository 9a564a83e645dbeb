import type { NodeChange, Place, Stamp, StoreNode } from "../tree/node.ts";
import type { XsPath } from "../tree/path.ts";

/**
 * The tree as a request sees it: the store itself, or the store as one transaction has changed it.
 * What a request may do and what it means is decided above; a view only finds and changes nodes.
 */
export interface View {
  find(names: readonly string[], depth: number): StoreNode | undefined;
  /** Adds, replaces or removes (with all that is below) the node at a place whose parent exists. */
  change(place: Place, change: NodeChange): void;
  /** Tells the watchers of a path that it changed; a transaction tells them when it commits. */
  notify(path: XsPath, change: NodeChange): void;
  /** A node would have become too large: a transaction can then not be committed (C xenstored). */
  fail(): void;
  /** For nodes that the request makes. */
  stamp(): Stamp;
  /** How many nodes the domain of the request owns. */
  ownedNodes(): number;
}
