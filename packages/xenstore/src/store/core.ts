import type { AccessList } from "./access.ts";
import type { Connection } from "./connection.ts";
import type { Domain, Domains } from "./domain.ts";
import type { Notifier } from "./notifier.ts";
import type { Tree } from "./tree.ts";
import type { View } from "./view.ts";
import type { WatchRegistry } from "./watch-registry.ts";

/** What happens to domains, for whoever gives each a socket or a ring. Called while it happens. */
export interface DomainObserver {
  introduced(domid: number): void;
  released(domid: number): void;
}

/** The parts of one store, as the requests' handlers share them. */
export interface Core {
  readonly tree: Tree;
  readonly domains: Domains;
  readonly watches: WatchRegistry<Connection>;
  readonly notifier: Notifier;
  /** Permissions of `@introduceDomain` and `@releaseDomain`. */
  readonly specialAccess: Map<string, AccessList>;
  readonly observers: Set<DomainObserver>;
}

/** Who asks, and what it sees: the store, or its transaction. */
export interface Caller {
  readonly domain: Domain;
  readonly view: View;
}
