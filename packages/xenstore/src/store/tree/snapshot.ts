import type { Permission } from "../../wire/permissions.ts";
import { toPermissions } from "./access.ts";
import { findNode, type StoreNode } from "./node.ts";
import { parsePath } from "./path.ts";

/**
 * The whole store as it was at one moment. Taking one costs nothing and copies nothing, and it never
 * changes; it keeps the old versions of nodes in memory for as long as it is held.
 */
export class Snapshot {
  readonly #root: StoreNode;
  readonly #incarnationOf: (domid: number) => number;

  constructor(root: StoreNode, incarnationOf: (domid: number) => number) {
    this.#root = root;
    this.#incarnationOf = incarnationOf;
  }

  /** The value of a node by its absolute path; undefined when there is no such node. */
  read(path: string): Uint8Array | undefined {
    return this.#find(path)?.value;
  }

  /** Names of the children, in the order of creation. */
  list(path: string): readonly string[] | undefined {
    return this.#find(path)?.children.names();
  }

  /** The permissions, owner first. */
  permissions(path: string): readonly Permission[] | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : toPermissions(node.access, this.#incarnationOf);
  }

  /** Generation of the node: changes with its own value, permissions and list of children. */
  generation(path: string): number | undefined {
    return this.#find(path)?.generation;
  }

  #find(text: string): StoreNode | undefined {
    const path = parsePath(text, 0, 0);
    return path === undefined ? undefined : findNode(this.#root, path.names, path.names.length);
  }
}
