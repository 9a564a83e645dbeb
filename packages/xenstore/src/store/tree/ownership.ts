import type { NodeChange, StoreNode } from "./node.ts";

/** Told of a guest that owns so many nodes more, or fewer when negative. */
export type CountOwned = (domid: number, by: number) => void;

/** Counts what a change outside transactions does; a removal goes with all that is below. */
export function countOwned(change: NodeChange, count: CountOwned): void {
  const { before, after } = change;
  if (after !== undefined) countOwner({ before, after }, count);
  else if (before !== undefined) countSubtree(before, count);
}

/** Counts the owner of a new or changed node. */
export function countOwner(
  { before, after }: { readonly before: StoreNode | undefined; readonly after: StoreNode },
  count: CountOwned,
): void {
  const domid = after.access[0].domid;
  const oldDomid = before?.access[0].domid ?? 0;
  if (domid === oldDomid) return;
  if (oldDomid !== 0) count(oldDomid, -1);
  if (domid !== 0) count(domid, 1);
}

/** Walks only what guests own: a subtree of dom0's costs nothing, however large. */
function countSubtree(node: StoreNode, count: CountOwned): void {
  if (node.guestNodes === 0) return;
  const domid = node.access[0].domid;
  if (domid !== 0) count(domid, -1);
  for (const name of node.children.names()) {
    const child = node.children.get(name);
    if (child !== undefined) countSubtree(child, count);
  }
}

/** Calls `visit` with the place of every topmost node below the root that the domain owns. */
export function forEachOwned(
  root: StoreNode,
  domid: number,
  visit: (names: readonly string[], node: StoreNode) => void,
): void {
  visitOwned({ node: root, names: [] }, domid, visit);
}

function visitOwned(
  at: { readonly node: StoreNode; readonly names: readonly string[] },
  domid: number,
  visit: (names: readonly string[], node: StoreNode) => void,
): void {
  const { node, names } = at;
  if (node.guestNodes === 0) return;
  if (node.access[0].domid === domid && names.length > 0) return visit(names, node);
  for (const name of node.children.names()) {
    const child = node.children.get(name);
    if (child !== undefined) visitOwned({ node: child, names: [...names, name] }, domid, visit);
  }
}
