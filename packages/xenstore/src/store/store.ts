import { MessageType } from "../wire/message-type.ts";
import { encodeLatin1 } from "../wire/text.ts";
import { Connection, type Peer } from "./connection.ts";
import { DOMID_FIRST_RESERVED, type DomainObserver, Domains } from "./domain/domain.ts";
import { DEFAULT_QUOTAS, type Quotas } from "./domain/quotas.ts";
import type { Core } from "./requests/core.ts";
import { introduce, release, shutDown } from "./requests/domain-requests.ts";
import type { AccessList } from "./tree/access.ts";
import { Snapshot } from "./tree/snapshot.ts";
import { Tree } from "./tree/tree.ts";
import { Notifier } from "./watch/notifier.ts";
import { WatchRegistry } from "./watch/watch-registry.ts";

export interface StoreOptions {
  /** Limits for unprivileged domains, where they shall differ from xenstored's. */
  readonly quotas?: Partial<Quotas>;
  /**
   * Whether the hypervisor has such a domain, introduced or not; without it, every number that a domain
   * can have. INTRODUCE of another one is ENOENT, and permissions for it are without effect.
   */
  readonly domainExists?: (domid: number) => boolean;
}

/** Only dom0 hears of domains that come and go, until SET_PERMS says otherwise. */
const specialAccess: AccessList = [{ domid: 0, incarnation: 0, rights: 0 }];

/**
 * A XenStore: the tree, its watches, transactions, domains and limits, with the meaning of every request
 * (xenstore.txt). Pure and synchronous: it has no clock, no input and output, and knows its clients only
 * as connections that packets come from. Where servers differ it does as C xenstored.
 */
export class Store {
  readonly #core: Core;

  constructor(options: StoreOptions = {}) {
    const isAlive = options.domainExists ?? ((domid) => domid < DOMID_FIRST_RESERVED);
    const specials = new Map([
      ["@introduceDomain", specialAccess],
      ["@releaseDomain", specialAccess],
    ]);
    const watches = new WatchRegistry();
    this.#core = {
      tree: new Tree(),
      domains: new Domains({ isAlive, quotas: { ...DEFAULT_QUOTAS, ...options.quotas } }),
      watches,
      notifier: new Notifier(watches, specials),
      specialAccess: specials,
      observers: new Set(),
    };
    this.#makeInitialTree();
  }

  /** A new client of a domain. Dom0 may do everything; any other number is an unprivileged domain. */
  connect({ domid, peer }: { readonly domid: number; readonly peer: Peer }): Connection {
    return new Connection(this.#core, this.#core.domains.get(domid), peer);
  }

  /** The store as it is now, for ever, at no cost. */
  snapshot(): Snapshot {
    return new Snapshot(this.#core.tree.root, (domid) => this.#core.domains.incarnationOf(domid));
  }

  /** Tells `observer` of domains that come and go; the returned function ends that. */
  observe(observer: DomainObserver): () => void {
    this.#core.observers.add(observer);
    return () => {
      this.#core.observers.delete(observer);
    };
  }

  /** The introduced domains but dom0. */
  introducedDomains(): number[] {
    return this.#core.domains.guests().map((domain) => domain.domid);
  }

  /** As INTRODUCE from dom0; false when there is no such domain. */
  introduce(domid: number): boolean {
    return typeof introduce(this.#core, { domid }) !== "string";
  }

  /** As RELEASE from dom0; false when the domain is not introduced. */
  release(domid: number): boolean {
    return typeof release(this.#core, domid) !== "string";
  }

  /** Tells the watchers of `@releaseDomain` that a domain shut down or crashed, once until RESUME. */
  shutDown(domid: number): void {
    shutDown(this.#core, domid);
  }

  /** What C xenstored begins with. */
  #makeInitialTree(): void {
    const peer = { reply: () => undefined, event: () => undefined, ended: () => undefined };
    const connection = this.connect({ domid: 0, peer });
    const payload = encodeLatin1("/tool/xenstored\0");
    connection.handle({ type: MessageType.makeDirectory, requestId: 0, transactionId: 0, payload });
    connection.close();
  }
}
