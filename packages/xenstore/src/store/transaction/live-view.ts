import type { Domain, Domains } from "../domain/domain.ts";
import { changeNode, type NodeChange, type Place, type Stamp, type StoreNode } from "../tree/node.ts";
import { countOwned } from "../tree/ownership.ts";
import type { XsPath } from "../tree/path.ts";
import type { Tree } from "../tree/tree.ts";
import type { Notifier } from "../watch/notifier.ts";
import type { View } from "./view.ts";

/** The store itself, as a domain changes it outside transactions: at once, for all. */
export class LiveView implements View {
  readonly #tree: Tree;
  readonly #domains: Domains;
  readonly #notifier: Notifier;
  readonly #domain: Domain;

  constructor(options: { tree: Tree; domains: Domains; notifier: Notifier; domain: Domain }) {
    this.#tree = options.tree;
    this.#domains = options.domains;
    this.#notifier = options.notifier;
    this.#domain = options.domain;
  }

  find(names: readonly string[], depth: number): StoreNode | undefined {
    return this.#tree.find(names, depth);
  }

  change(place: Place, change: NodeChange): void {
    this.#tree.set(changeNode(this.#tree.root, place, change.after, change.after ?? this.stamp()));
    countOwned(change, this.#countOwned);
  }

  notify(path: XsPath, change: NodeChange): void {
    // A removed node's parent is still as it was, but for the list of its children.
    const happening = { path, before: change.before, after: change.after, root: this.#tree.root };
    if (change.after === undefined) this.#notifier.removed(happening);
    else this.#notifier.changed(happening);
  }

  fail(): void {
    // Nothing was changed, and each request stands for itself.
  }

  readonly #countOwned = (domid: number, by: number): void => {
    this.#domains.get(domid).ownedNodes += by;
  };

  stamp(): Stamp {
    return this.#tree.stamp(this.#domain.domid);
  }

  ownedNodes(): number {
    return this.#domain.ownedNodes;
  }
}
