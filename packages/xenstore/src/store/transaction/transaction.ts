import type { Domain, Domains } from "../domain/domain.ts";
import { isOver } from "../domain/quotas.ts";
import type { Children } from "../tree/children.ts";
import {
  findNode,
  type NodeChange,
  type Place,
  type Stamp,
  type StoreNode,
  withChildList,
} from "../tree/node.ts";
import { countOwner } from "../tree/ownership.ts";
import type { XsPath } from "../tree/path.ts";
import type { Tree } from "../tree/tree.ts";
import {
  forEachGuestNode,
  makeOverlayNode,
  overlayChild,
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
  readonly #root = makeOverlayNode([], 0);
  readonly #touched: OverlayNode[] = [];
  readonly #ownedChanges = new Map<number, number>();
  #pendingBytes = 0;
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
    this.#domain.pendingBytes -= this.#pendingBytes;
  }

  find(names: readonly string[], depth: number): StoreNode | undefined {
    return this.#touch(names, depth).node;
  }

  change(place: Place, change: NodeChange): void {
    const at = this.#touch(place.names, place.depth);
    if (change.after === undefined) this.#remove(at, place);
    else this.#put(at, change.after);
  }

  notify(path: XsPath): void {
    this.#touch(path.names, path.names.length).notified = path;
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

  #touch(names: readonly string[], depth: number): OverlayNode {
    let at = this.#root;
    let isDetached = false;
    for (let level = 0; level < depth; level += 1) {
      isDetached ||= at.isDetached;
      at = overlayChild(at, names[level] ?? "", names);
    }
    if (at.isTouched || !this.#countTouched()) return at;
    at.isTouched = true;
    at.isChecked = !isDetached;
    at.base = isDetached ? undefined : findNode(this.#tree.root, names, depth);
    at.node = at.base;
    this.#touched.push(at);
    return at;
  }

  #put(at: OverlayNode, node: StoreNode): void {
    const before = at.node;
    countOwner({ before, after: node }, this.#countOwned);
    if (before?.value !== node.value) this.#holdBytes(node.value.length);
    at.node = node;
    at.isModified = true;
    if (before !== undefined) return;
    at.isDetached = true;
    this.#changeParent(at, (parent, name) => {
      parent.added.add(name);
      return parent.node?.children.with(name, node);
    });
  }

  #remove(at: OverlayNode, place: Place): void {
    const stored = at.isDetached ? undefined : findNode(this.#tree.root, place.names, place.depth);
    forEachGuestNode(at, stored, (node) => {
      if (node.access[0].domid !== 0) this.#countOwned(node.access[0].domid, -1);
    });
    removeOverlay(at, stored);
    this.#changeParent(at, (parent, name) => {
      parent.added.delete(name);
      return parent.node?.children.without(name);
    });
  }

  #changeParent(
    at: OverlayNode,
    change: (parent: OverlayNode, name: string) => Children<StoreNode> | undefined,
  ): void {
    const parent = this.#touch(at.names, at.depth - 1);
    const children = change(parent, at.names[at.depth - 1] ?? "");
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
    this.#pendingBytes += bytes;
    this.#domain.pendingBytes += bytes;
    const limit = this.#domains.limit(this.#domain, "memory");
    if (isOver(this.#domain.pendingBytes, limit)) this.#metLimit ??= "ENOMEM";
  }
}
