import type { Domain } from "../domain/domain.ts";
import { mayRead, type AccessList } from "../tree/access.ts";
import { findNode, type NodeChange, type StoreNode } from "../tree/node.ts";
import type { XsPath } from "../tree/path.ts";
import type { RemovedNode, Watch, WatchRegistry } from "./watch-registry.ts";

/** What happened to a node. */
export interface Happening extends NodeChange {
  readonly path: XsPath;
  /** A tree that has its parent: before a removal, else after the change. */
  readonly root: StoreNode;
}

/** Finds the watches that a change concerns and tells those whose domain may know of it. */
export class Notifier {
  readonly #watches: WatchRegistry;
  readonly #specialAccess: ReadonlyMap<string, AccessList>;

  constructor(watches: WatchRegistry, specialAccess: ReadonlyMap<string, AccessList>) {
    this.#watches = watches;
    this.#specialAccess = specialAccess;
  }

  /** One event for every watch at the path or above it (xenstore.txt, "WATCH"). */
  changed(happening: Happening): void {
    for (const watch of this.#watches.matching(happening.path.names)) {
      if (mayKnow(watch.watcher.domain, happening)) tell(watch, happening.path.text);
    }
  }

  /**
   * For every watch on a node below the removed one an event with its own path, the deepest first, then
   * the event of the removed node. Nothing for watches on paths where no node was, and none a child for
   * those above.
   */
  removed(happening: Happening): void {
    this.#removedBelow(happening, true);
    this.changed(happening);
  }

  /** The same in a commit, where what was touched first comes first: the removed node, and so on down. */
  removedInCommit(happening: Happening): void {
    this.changed(happening);
    this.#removedBelow(happening, false);
  }

  #removedBelow({ path, before }: Happening, isDeepestFirst: boolean): void {
    if (before === undefined) return;
    this.#watches.forEachBelow(path.names, before, { isDeepestFirst, visit: tellRemoved });
  }

  /**
   * An event of the store itself, about a domain. A watch of depth 1 or more is told which domain, and
   * one on `@releaseDomain/7` hears of domain 7 alone (xenstore.txt, "WATCH", of 2026).
   */
  special(name: string, domid: number): void {
    const access = this.#specialAccess.get(name);
    const precise = `${name}/${domid}`;
    for (const watch of [...this.#watches.special(name), ...this.#watches.special(precise)]) {
      if (access === undefined || !mayRead(access, watch.watcher.domain)) continue;
      const isPrecise = watch.path.text === precise || (watch.depth ?? 0) > 0;
      watch.watcher.deliverEvent(isPrecise ? precise : name, watch.token);
    }
  }
}

/**
 * C xenstored's rule: who may read the node or its parent. At a removal the permissions before it
 * count; when permissions change, the old ones count too, so that the loser learns of it.
 */
function mayKnow(domain: Domain, { path, before, after, root }: Happening): boolean {
  if (domain.isPrivileged) return true;
  if (before !== undefined && mayRead(before.access, domain)) return true;
  if (after !== undefined && mayRead(after.access, domain)) return true;
  const parent = path.names.length === 0 ? undefined : findNode(root, path.names, path.names.length - 1);
  return parent !== undefined && mayRead(parent.access, domain);
}

function tellRemoved(watch: Watch, { node, parent }: RemovedNode): void {
  const { domain } = watch.watcher;
  if (mayRead(node.access, domain) || mayRead(parent.access, domain)) tell(watch, watch.path.text);
}

/** A watch on a relative path is told relative paths. */
function tell(watch: Watch, path: string): void {
  watch.watcher.deliverEvent(path.slice(watch.path.prefixLength), watch.token);
}
