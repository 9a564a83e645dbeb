import { NO_INCARNATION, type Subject } from "../tree/access.ts";
import type { QuotaName, Quotas } from "./quotas.ts";

/** Domain numbers from here on name no real domain (xen.h, DOMID_FIRST_RESERVED). */
export const DOMID_FIRST_RESERVED = 0x7ff0;

/** The number by which a domain names itself (xen.h, DOMID_SELF). */
export const DOMID_SELF = 0x7ff0;

/** What GET_FEATURE may tell (xs_wire.h): bit 2, watches may have a depth. The others concern rings. */
export const SERVER_FEATURES = 4;

/** What happens to domains, for whoever gives each a socket or a ring. Called while it happens. */
export interface DomainObserver {
  introduced(domid: number): void;
  released(domid: number): void;
}

/** What a domain does with its connections. */
export interface DomainConnection {
  /** Drops all watches and transactions. */
  reset(): void;
  /** Ends the connection from the store's side. */
  end(): void;
  /** Tells the peer that its domain made another one's transaction fail. */
  tellConflict(): void;
}

/** What the store knows of a domain. Its own record, changed in place: it outlives its connections. */
export interface Domain extends Subject {
  readonly connections: Set<DomainConnection>;
  incarnation: number;
  isIntroduced: boolean;
  /** Whether its end was told already and no RESUME came since. */
  hasShutDown: boolean;
  target: Domain | undefined;
  features: number;
  /** Limits of its own, set by SET_QUOTA. */
  quotas: Partial<Quotas>;
  ownedNodes: number;
  openWatches: number;
  openTransactions: number;
  /** About how many bytes its watches and open transactions take. */
  heldBytes: number;
}

/** Every domain the store has heard of. */
export class Domains {
  readonly #domains = new Map<number, Domain>();
  readonly #isAlive: (domid: number) => boolean;
  #quotas: Quotas;

  constructor(options: { readonly isAlive: (domid: number) => boolean; readonly quotas: Quotas }) {
    this.#isAlive = options.isAlive;
    this.#quotas = options.quotas;
  }

  /** Limits of domains that have none of their own. */
  get quotas(): Quotas {
    return this.#quotas;
  }

  /** The record of a domain, made when it is first asked for. */
  get(domid: number): Domain {
    const known = this.#domains.get(domid);
    if (known !== undefined) return known;
    const domain = makeDomain(domid);
    this.#domains.set(domid, domain);
    return domain;
  }

  /** The domain, when INTRODUCE made it known. */
  introduced(domid: number): Domain | undefined {
    const domain = this.#domains.get(domid);
    return domain?.isIntroduced === true ? domain : undefined;
  }

  /** Every domain with a record. */
  all(): Domain[] {
    return [...this.#domains.values()];
  }

  /** Every introduced domain but dom0. */
  guests(): Domain[] {
    return [...this.#domains.values()].filter((domain) => domain.isIntroduced && !domain.isPrivileged);
  }

  /** Whether there is such a domain in the hypervisor. */
  exists(domid: number): boolean {
    return domid === 0 || this.introduced(domid) !== undefined || this.#isAlive(domid);
  }

  /** In which life a domain is; NO_INCARNATION when there is none. */
  incarnationOf(domid: number): number {
    return this.exists(domid) ? this.get(domid).incarnation : NO_INCARNATION;
  }

  /** Ends the life of a domain: permissions given to it and targets that name it are void. */
  retire(domain: Domain): void {
    domain.isIntroduced = false;
    domain.hasShutDown = false;
    domain.incarnation += 1;
    domain.target = undefined;
    domain.features = SERVER_FEATURES;
    domain.quotas = {};
    for (const other of this.#domains.values()) if (other.target === domain) other.target = undefined;
  }

  /** The limit that holds for a domain; 0 for none. */
  limit(domain: Domain, quota: QuotaName): number {
    if (domain.isPrivileged && quota !== "path-max") return 0;
    return domain.quotas[quota] ?? this.#quotas[quota];
  }

  /** Sets the limit of one domain, or of all that have none of their own. */
  setLimit(quota: QuotaName, value: number, domain?: Domain): void {
    if (domain === undefined) this.#quotas = { ...this.#quotas, [quota]: value };
    else domain.quotas = { ...domain.quotas, [quota]: value };
  }
}

function makeDomain(domid: number): Domain {
  return {
    domid,
    isPrivileged: domid === 0,
    connections: new Set(),
    incarnation: 0,
    isIntroduced: domid === 0,
    hasShutDown: false,
    target: undefined,
    features: SERVER_FEATURES,
    quotas: {},
    ownedNodes: 0,
    openWatches: 0,
    openTransactions: 0,
    heldBytes: 0,
  };
}
