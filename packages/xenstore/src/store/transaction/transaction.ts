import type { Domain, Domains } from "../domain/domain.ts";
import { isOver, NAME_RECORD_BYTES } from "../domain/quotas.ts";
import type { Children } from "../tree/children.ts";
import { type NodeChange, type Place, type Stamp, type StoreNode, withChildList } from "../tree/node.ts";
import { countOwner } from "../tree/ownership.ts";
import type { XsPath } from "../tree/path.ts";
import type { Tree } from "../tree/tree.ts";
import {
  findPlace,
  forEachGuestNode,
  isHidden,
  makeOverlayNode,
  type OverlayNode,
  removeOverlay,
} from "./overlay.ts";
import type { View } from "./view.ts";

/**
 * The store as one transaction has changed it, C xenstored's way: no snapshot, but a copy of each node
 * from when it was first touched, which must still be the store's at the commit. Other nodes may change
 * freely meanwhile (xenstore.txt, "Transactions"). It holds the nodes it touched and no more.
 */
export class Transaction implements View {
  readonly #tree: Tree;
  readonly #domains: Domains;
  readonly #domain: Domain;
  readonly #root = makeOverlayNode();
  readonly #touched: OverlayNode[] = [];
  readonly #ownedChanges = new Map<number, number>();
  #heldBytes = 0;
  #metLimit: "ENOSPC" | "ENOMEM" | undefined;
  #isFailed = false;

  constructor(options: { tree: Tree; domains: Domains; domain: Domain }) {
    this.#tree = options.tree;
    this.#domains = options.domains;
    this.#domain = options.domain;
    this.#domain.openTransactions += 1;
  }

  /** The places it knows, from the root. */
  get overlay(): OverlayNode {
    return this.#root;
  }

  /** The nodes it touched, in the order of the first touch. */
  get touched(): readonly OverlayNode[] {
    return this.#touched;
  }

  /** How many nodes each guest owns more or fewer by it. */
  get ownedChanges(): ReadonlyMap<number, number> {
    return this.#ownedChanges;
  }

  /** Whether a request in it failed in a way that keeps it from being committed. */
  get isFailed(): boolean {
    return this.#isFailed || this.#metLimit !== undefined;
  }

  /**
   * The error of a request that touched too many nodes or brought too many bytes, and of every one after
   * it: the transaction can only be ended, and until then holds nothing more.
   */
  get metLimit(): "ENOSPC" | "ENOMEM" | undefined {
    return this.#metLimit;
  }

  /** Gives back what it counted against the domain's limits; called once, at the end. */
  end(): void {
    this.#domain.openTransactions -= 1;
    this.#domain.heldBytes -= this.#heldBytes;
  }

  find(names: readonly string[], depth: number): StoreNode | undefined {
    return this.#touch(this.#place(names, depth)).node;
  }

  change(place: Place, change: NodeChange): void {
    const at = this.#touch(this.#place(place.names, place.depth));
    if (change.after === undefined) this.#remove(at);
    else this.#put(at, change.after);
  }

  notify(path: XsPath): void {
    this.#touch(this.#place(path.names, path.names.length)).notified = path;
  }

  fail(): void {
    this.#isFailed = true;
  }

  stamp(): Stamp {
    return this.#tree.stamp(this.#domain.domid);
  }

  ownedNodes(): number {
    return this.#domain.ownedNodes + (this.#ownedChanges.get(this.#domain.domid) ?? 0);
  }

  #place(names: readonly string[], depth: number): OverlayNode {
    let at = this.#root;
    for (let level = 0; level < depth; level += 1) {
      const name = names[level] ?? "";
      at = at.below.get(name) ?? this.#addPlace(at, name);
    }
    return at;
  }

  #addPlace(parent: OverlayNode, name: string): OverlayNode {
    const at = makeOverlayNode(parent, name);
    parent.below.set(name, at);
    this.#holdBytes(NAME_RECORD_BYTES);
    return at;
  }

  #touch(at: OverlayNode): OverlayNode {
    if (at.isTouched || !this.#countTouched()) return at;
    at.isTouched = true;
    at.isChecked = !isHidden(at);
    at.base = at.isChecked ? findPlace(this.#tree.root, at) : undefined;
    at.node = at.base;
    this.#touched.push(at);
    return at;
  }

  #put(at: OverlayNode, node: StoreNode): void {
    const before = at.node;
    countOwner({ before, after: node }, this.#countOwned);
    if (before?.value !== node.value) this.#holdBytes(node.value.length - ownBytes(at));
    at.node = node;
    at.isModified = true;
    if (before !== undefined) return;
    at.isDetached = true;
    this.#changeParent(at, (parent) => {
      parent.added.add(at.name);
      return parent.node?.children.with(at.name, node);
    });
  }

  #remove(at: OverlayNode): void {
    const stored = at.isDetached ? undefined : findPlace(this.#tree.root, at);
    forEachGuestNode(at, stored, (node) => {
      if (node.access[0].domid !== 0) this.#countOwned(node.access[0].domid, -1);
    });
    removeOverlay(at, stored);
    this.#changeParent(at, (parent) => {
      parent.added.delete(at.name);
      return parent.node?.children.without(at.name);
    });
  }

  #changeParent(at: OverlayNode, change: (parent: OverlayNode) => Children<StoreNode> | undefined): void {
    if (at.parent === undefined) return;
    const parent = this.#touch(at.parent);
    const children = change(parent);
    if (parent.node === undefined || children === undefined) return;
    parent.node = withChildList(parent.node, children, this.stamp());
    parent.isModified = true;
  }

  readonly #countOwned = (domid: number, by: number): void => {
    this.#ownedChanges.set(domid, (this.#ownedChanges.get(domid) ?? 0) + by);
  };

  #countTouched(): boolean {
    const limit = this.#domains.limit(this.#domain, "transaction-nodes");
    if (!isOver(this.#touched.length + 1, limit)) return true;
    this.#metLimit ??= "ENOSPC";
    return false;
  }

  #holdBytes(bytes: number): void {
    this.#heldBytes += bytes;
    this.#domain.heldBytes += bytes;
    const limit = this.#domains.limit(this.#domain, "memory");
    if (isOver(this.#domain.heldBytes, limit)) this.#metLimit ??= "ENOMEM";
  }
}

/** Bytes of the value that the transaction itself has put at a place. */
function ownBytes({ base, node }: OverlayNode): number {
  return node === undefined || node.value === base?.value ? 0 : node.value.length;
}
