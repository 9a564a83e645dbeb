import type { AccessList } from "./access.ts";
import { type Children, noChildren } from "./children.ts";

/** A node of the tree: immutable, so that whoever holds one holds a snapshot of its whole subtree. */
export interface StoreNode {
  readonly value: Uint8Array;
  readonly access: AccessList;
  /**
   * Changes with the node's own value, permissions and list of children, not with what is in the
   * children. Counted through the store, so no two versions of a node have the same. Exact up to
   * 2^53: at a million writes a second, for 285 years.
   */
  readonly generation: number;
  /** The domain that made this generation. */
  readonly writer: number;
  readonly children: Children<StoreNode>;
  /** How many nodes of this subtree, itself included, belong to guests. */
  readonly guestNodes: number;
}

/** A node before and after a change; undefined where it is not there. */
export interface NodeChange {
  readonly before: StoreNode | undefined;
  readonly after: StoreNode | undefined;
}

/** Who changes the tree, and the generation that the change makes. */
export interface Stamp {
  readonly generation: number;
  readonly writer: number;
}

/** What a node holds apart from its place in time. */
export interface NodeContent {
  readonly value: Uint8Array;
  readonly access: AccessList;
  readonly children: Children<StoreNode>;
}

/** A node with this content. */
export function makeNode({ value, access, children }: NodeContent, { generation, writer }: Stamp): StoreNode {
  const guestNodes = children.guestNodes + (access[0].domid === 0 ? 0 : 1);
  return { value, access, generation, writer, children, guestNodes };
}

/** A node without children. */
export function makeLeaf(value: Uint8Array, access: AccessList, stamp: Stamp): StoreNode {
  return makeNode({ value, access, children: noChildren }, stamp);
}

/** The node with another value. */
export function withValue(node: StoreNode, value: Uint8Array, stamp: Stamp): StoreNode {
  return makeNode({ value, access: node.access, children: node.children }, stamp);
}

/** The node with other permissions. */
export function withAccess(node: StoreNode, access: AccessList, stamp: Stamp): StoreNode {
  return makeNode({ value: node.value, access, children: node.children }, stamp);
}

/** The node with another list of children, which changes the node itself. */
export function withChildList(node: StoreNode, children: Children<StoreNode>, stamp: Stamp): StoreNode {
  return makeNode({ value: node.value, access: node.access, children }, stamp);
}

/** The node with other contents in its children, which leaves its generation. */
export function withChildContents(node: StoreNode, children: Children<StoreNode>): StoreNode {
  return makeNode({ value: node.value, access: node.access, children }, node);
}

/** The node that the first `depth` names lead to. */
export function findNode(root: StoreNode, names: readonly string[], depth: number): StoreNode | undefined {
  let node: StoreNode | undefined = root;
  for (let index = 0; index < depth && node !== undefined; index += 1) {
    node = node.children.get(names[index] ?? "");
  }
  return node;
}

/** A place in the tree: the first `depth` of the names. */
export interface Place {
  readonly names: readonly string[];
  readonly depth: number;
}

/**
 * The tree with the node at `place` replaced by what `change` makes of it; undefined removes it.
 * Only the nodes on the way are new. Nothing happens when the way does not exist. The parent of a
 * node that comes or goes takes the stamp.
 */
export function changeNode(
  root: StoreNode,
  place: Place,
  node: StoreNode | undefined,
  stamp: Stamp,
): StoreNode {
  return changeAt(root, { place, node, stamp }, 0);
}

interface TreeChange {
  readonly place: Place;
  readonly node: StoreNode | undefined;
  readonly stamp: Stamp;
}

function changeAt(at: StoreNode, change: TreeChange, level: number): StoreNode {
  const { place, node, stamp } = change;
  if (level === place.depth) return node ?? at;
  const name = place.names[level] ?? "";
  const child = at.children.get(name);
  if (level === place.depth - 1) {
    const children = node === undefined ? at.children.without(name) : at.children.with(name, node);
    if ((child === undefined) === (node === undefined)) return withChildContents(at, children);
    return withChildList(at, children, stamp);
  }
  if (child === undefined) return at;
  return withChildContents(at, at.children.with(name, changeAt(child, change, level + 1)));
}
