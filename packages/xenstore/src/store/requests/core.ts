import type { WireErrorName } from "../../errors.ts";
import type { Domain, DomainObserver, Domains } from "../domain/domain.ts";
import type { View } from "../transaction/view.ts";
import type { AccessList } from "../tree/access.ts";
import type { Tree } from "../tree/tree.ts";
import type { Notifier } from "../watch/notifier.ts";
import type { WatchRegistry } from "../watch/watch-registry.ts";

/** The parts of one store, as the requests' handlers share them. */
export interface Core {
  readonly tree: Tree;
  readonly domains: Domains;
  readonly watches: WatchRegistry;
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

/** The payload of a reply, or the error to answer with. */
export type Answer = Uint8Array | WireErrorName;
