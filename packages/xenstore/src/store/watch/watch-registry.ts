import type { Domain } from "../domain/domain.ts";
import type { StoreNode } from "../tree/node.ts";
import type { WatchPath } from "../tree/path.ts";

/** Whoever is told of changes: a connection of a domain. */
export interface Watcher {
  readonly domain: Domain;
  deliverEvent(path: string, token: string): void;
}

/** One watch of one connection. */
export interface Watch {
  readonly watcher: Watcher;
  readonly path: WatchPath;
  readonly token: string;
  /** How many levels below the path count; undefined for all. */
  readonly depth: number | undefined;
  /** Grows with every watch of the store: the order of registration. */
  readonly serial: number;
}

interface Branch {
  readonly watches: Set<Watch>;
  readonly branches: Map<string, Branch>;
}

/** A removed node with its parent, for the watchers of what was below it. */
export interface RemovedNode {
  readonly node: StoreNode;
  readonly parent: StoreNode;
}

/** How the watches below a removed node are gone through. */
export interface BelowVisit {
  /** Whether a node's watches come after those of what is below it. */
  readonly isDeepestFirst: boolean;
  readonly visit: (watch: Watch, removed: RemovedNode) => void;
}

/**
 * All watches by the path they look at, so that a change finds its watchers by walking its own path:
 * how many watches look elsewhere does not matter.
 */
export class WatchRegistry {
  readonly #root: Branch = { watches: new Set(), branches: new Map() };
  readonly #specials = new Map<string, Set<Watch>>();

  #lastSerial = 0;

  /** For a watch that is to be added. */
  nextSerial(): number {
    this.#lastSerial += 1;
    return this.#lastSerial;
  }

  add(watch: Watch): void {
    if (watch.path.isSpecial) {
      const watches = this.#specials.get(watch.path.text) ?? new Set();
      this.#specials.set(watch.path.text, watches.add(watch));
      return;
    }
    let at = this.#root;
    for (const name of watch.path.names) {
      let next = at.branches.get(name);
      if (next === undefined) at.branches.set(name, (next = { watches: new Set(), branches: new Map() }));
      at = next;
    }
    at.watches.add(watch);
  }

  remove(watch: Watch): void {
    if (!watch.path.isSpecial) return removeFrom(this.#root, watch, 0);
    const watches = this.#specials.get(watch.path.text);
    watches?.delete(watch);
    if (watches?.size === 0) this.#specials.delete(watch.path.text);
  }

  /** Watches that a change of this node concerns, in the order of registration. */
  matching(names: readonly string[]): readonly Watch[] {
    if (this.#root.branches.size === 0 && this.#root.watches.size === 0) return [];
    const found: Watch[] = [];
    let at: Branch | undefined = this.#root;
    for (let level = 0; at !== undefined; level += 1) {
      const distance = names.length - level;
      for (const watch of at.watches)
        if (watch.depth === undefined || distance <= watch.depth) found.push(watch);
      at = level < names.length ? at.branches.get(names[level] ?? "") : undefined;
    }
    return found.length > 1 ? found.toSorted((one, other) => one.serial - other.serial) : found;
  }

  /** Watches of exactly this event of the store. */
  special(text: string): readonly Watch[] {
    return [...(this.#specials.get(text) ?? [])];
  }

  /**
   * Calls `visit` with every watch on a node that went with the removed one, in the order of the nodes'
   * creation. Found from the watches' side: a subtree nobody watches costs nothing.
   */
  forEachBelow(names: readonly string[], removed: StoreNode, { isDeepestFirst, visit }: BelowVisit): void {
    let at: Branch | undefined = this.#root;
    for (const name of names) at = at?.branches.get(name);
    if (at !== undefined) visitBelow(at, removed, { isDeepestFirst, visit });
  }
}

function visitBelow(at: Branch, parent: StoreNode, order: BelowVisit): void {
  for (const [name, branch] of inOrderOfCreation(at.branches, parent)) {
    const node = parent.children.get(name);
    if (node === undefined) continue;
    if (order.isDeepestFirst) visitBelow(branch, node, order);
    for (const watch of branch.watches) order.visit(watch, { node, parent });
    if (!order.isDeepestFirst) visitBelow(branch, node, order);
  }
}

function inOrderOfCreation(
  branches: ReadonlyMap<string, Branch>,
  { children }: StoreNode,
): readonly (readonly [string, Branch])[] {
  const entries = [...branches];
  if (entries.length < 2) return entries;
  return entries.toSorted(([one], [other]) => children.rankOf(one) - children.rankOf(other));
}

function removeFrom(at: Branch, watch: Watch, level: number): void {
  const name = watch.path.names[level];
  if (name === undefined) {
    at.watches.delete(watch);
    return;
  }
  const next = at.branches.get(name);
  if (next === undefined) return;
  removeFrom(next, watch, level + 1);
  if (next.watches.size === 0 && next.branches.size === 0) at.branches.delete(name);
}
