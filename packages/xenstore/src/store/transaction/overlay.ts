import type { StoreNode } from "../tree/node.ts";
import type { XsPath } from "../tree/path.ts";

/** What a transaction knows of one place of the tree: a node it touched, or one on the way to such. */
export interface OverlayNode {
  /** Undefined for the root. */
  readonly parent: OverlayNode | undefined;
  readonly name: string;
  readonly below: Map<string, OverlayNode>;
  /** Children the transaction made, in order; they go last in the list. */
  readonly added: Set<string>;
  isTouched: boolean;
  /** The store's node at the first touch, undefined when it was missing. */
  base: StoreNode | undefined;
  /** Whether `base` was looked up in the store, and must still be there at the commit. */
  isChecked: boolean;
  /** The node as the transaction sees it: own value, permissions and child names count, not the children. */
  node: StoreNode | undefined;
  isModified: boolean;
  /** Whether what is below in the store is hidden, because the node was removed or is new. */
  isDetached: boolean;
  /** The store's node, with all below it, when the transaction removed it. */
  removed: StoreNode | undefined;
  /** The path to tell watchers of at the commit. */
  notified: XsPath | undefined;
}

/** A place that nothing is known of yet: the root, or `name` below `parent`. */
export function makeOverlayNode(parent?: OverlayNode, name = ""): OverlayNode {
  return {
    parent,
    name,
    below: new Map(),
    added: new Set(),
    isTouched: false,
    base: undefined,
    isChecked: false,
    node: undefined,
    isModified: false,
    isDetached: false,
    removed: undefined,
    notified: undefined,
  };
}

/** The node of a tree at a place. */
export function findPlace(root: StoreNode, { parent, name }: OverlayNode): StoreNode | undefined {
  return parent === undefined ? root : findPlace(root, parent)?.children.get(name);
}

/** Whether what the store has at a place is hidden, because something above was removed or is new. */
export function isHidden({ parent }: OverlayNode): boolean {
  return parent !== undefined && (parent.isDetached || isHidden(parent));
}

/** Removes a node and all that the transaction knows below it. `removed` is the store's node there. */
export function removeOverlay(at: OverlayNode, removed: StoreNode | undefined): void {
  if (!at.isDetached) at.removed = removed;
  forget(at);
}

function forget(at: OverlayNode): void {
  at.node = undefined;
  at.isModified = at.isTouched;
  at.isDetached = true;
  at.added.clear();
  for (const child of at.below.values()) {
    // Its watchers are told with those of all that was below the removed node.
    child.notified = undefined;
    forget(child);
  }
}

/** Calls `visit` with every node of a subtree as the transaction sees it, where guests may own one. */
export function forEachGuestNode(
  at: OverlayNode | undefined,
  stored: StoreNode | undefined,
  visit: (node: StoreNode) => void,
): void {
  const node = at?.isTouched === true ? at.node : stored;
  if (node === undefined || (at === undefined && node.guestNodes === 0)) return;
  visit(node);
  for (const name of node.children.names()) {
    const child = at?.isDetached === true ? undefined : stored?.children.get(name);
    forEachGuestNode(at?.below.get(name), child, visit);
  }
}
