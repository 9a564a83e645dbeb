import { type Children, noChildren } from "../tree/children.ts";
import { makeNode, type Stamp, type StoreNode, withChildContents } from "../tree/node.ts";
import type { Notifier } from "../watch/notifier.ts";
import { findPlace, type OverlayNode } from "./overlay.ts";
import type { Transaction } from "./transaction.ts";

/** Why a transaction cannot be committed. */
export interface Conflict {
  /** The domain whose change came between. */
  readonly writer: number;
}

/**
 * The first node that is not what it was when the transaction touched it, if any: another generation,
 * come or gone; and for a removed subtree, anything changed below it.
 */
export function findConflict(transaction: Transaction, root: StoreNode): Conflict | undefined {
  for (const at of transaction.touched) {
    if (!at.isChecked) continue;
    const now = findPlace(root, at);
    if (now?.generation !== at.base?.generation) return { writer: now?.writer ?? lastWriter(root, at) };
    if (at.removed !== undefined && at.removed !== now) return { writer: writerBelow(at.removed, now) };
  }
  return undefined;
}

/** Who changed the nearest node that is still there: the removal of a child changes its parent. */
function lastWriter(root: StoreNode, { parent }: OverlayNode): number {
  if (parent === undefined) return root.writer;
  return findPlace(root, parent)?.writer ?? lastWriter(root, parent);
}

/** Who made the first change found between two versions of a subtree. */
function writerBelow(before: StoreNode, now: StoreNode | undefined): number {
  if (now === undefined || now.generation !== before.generation) return now?.writer ?? 0;
  for (const name of now.children.names()) {
    const child = now.children.get(name);
    const old = before.children.get(name);
    if (child !== old && old !== undefined) return writerBelow(old, child);
  }
  return now.writer;
}

/** The tree with what the transaction changed; the same root when it changed nothing. */
export function applyTransaction(transaction: Transaction, root: StoreNode, stamp: Stamp): StoreNode {
  return rebuild({ at: transaction.overlay, stored: root }, stamp) ?? root;
}

interface Pair {
  readonly at: OverlayNode;
  readonly stored: StoreNode | undefined;
}

function rebuild({ at, stored }: Pair, stamp: Stamp): StoreNode | undefined {
  const own = at.isModified ? at.node : stored;
  if (own === undefined) return undefined;
  const old = at.isDetached || stored === undefined ? noChildren : stored.children;
  const children = rebuildChildren(at, old, stamp);
  if (at.isModified) return makeNode({ value: own.value, access: own.access, children }, stamp);
  return children === old ? own : withChildContents(own, children);
}

function rebuildChildren(at: OverlayNode, old: Children<StoreNode>, stamp: Stamp): Children<StoreNode> {
  let children = old;
  for (const [name, below] of at.below) {
    if (at.added.has(name)) continue;
    const stored = children.get(name);
    const node = rebuild({ at: below, stored }, stamp);
    if (node === stored) continue;
    children = node === undefined ? children.without(name) : children.with(name, node);
  }
  for (const name of at.added) {
    const below = at.below.get(name);
    const node = below === undefined ? undefined : rebuild({ at: below, stored: undefined }, stamp);
    // What was removed and made again goes last.
    if (node !== undefined) children = children.without(name).with(name, node);
  }
  return children;
}

/**
 * Tells the watchers what a commit changed: one event a node, in the order of the first touch, none for
 * a node that came and went within it.
 */
export function notifyCommit(
  transaction: Transaction,
  roots: { readonly before: StoreNode; readonly after: StoreNode },
  notifier: Notifier,
): void {
  for (const at of transaction.touched) {
    if (at.notified === undefined) continue;
    const before = findPlace(roots.before, at);
    const after = findPlace(roots.after, at);
    if (before === undefined && after === undefined) continue;
    const root = after === undefined ? roots.before : roots.after;
    const happening = { path: at.notified, before, after, root };
    if (at.removed === undefined) notifier.changed(happening);
    else notifier.removedInCommit(happening);
  }
}
