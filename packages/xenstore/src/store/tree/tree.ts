import type { AccessList } from "./access.ts";
import { findNode, makeLeaf, type Stamp, type StoreNode } from "./node.ts";

const rootAccess: AccessList = [{ domid: 0, incarnation: 0, rights: 0 }];
const noBytes = new Uint8Array(0);

/** The newest version of the tree. Older ones live on for whoever holds their root. */
export class Tree {
  #root: StoreNode;
  #generation = 0;

  constructor() {
    this.#root = makeLeaf(noBytes, rootAccess, this.stamp(0));
  }

  get root(): StoreNode {
    return this.#root;
  }

  find(names: readonly string[], depth: number): StoreNode | undefined {
    return findNode(this.#root, names, depth);
  }

  /** A new generation, of changes by this domain. */
  stamp(writer: number): Stamp {
    this.#generation += 1;
    return { generation: this.#generation, writer };
  }

  /** Makes another version the newest. */
  set(root: StoreNode): void {
    this.#root = root;
  }
}
