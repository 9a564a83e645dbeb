import { type Clock, type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { type DomainSummary, listDomains, readDomain } from "./domains.ts";
import { HostError } from "./errors.ts";
import { domainPath } from "./model/guest-paths.ts";
import { type GuestIdentity, guestKey, isSameGuest } from "./model/guest-identity.ts";

export interface GuestPorts {
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
}

/** The guest that is asked for. */
export interface GuestAddress {
  readonly domid: number;
  /** Its UUID, where the caller knows it; then the domid may be an old one. */
  readonly uuid?: string | undefined;
}

/** A guest, and under which domid it is: the same guest for as long as somebody talks to it. */
export class TrackedGuest {
  readonly identity: GuestIdentity;
  readonly #ports: GuestPorts;
  /** False for a domain whose toolstack has not introduced it; then only its node counts. */
  readonly #wasIntroduced: boolean;
  #domid: number;
  #isAway: boolean;
  #awaySinceMs: number | undefined;

  private constructor(
    ports: GuestPorts,
    met: {
      readonly identity: GuestIdentity;
      readonly domid: number;
      readonly isAway: boolean;
      readonly wasIntroduced: boolean;
    },
  ) {
    this.#ports = ports;
    this.identity = met.identity;
    this.#domid = met.domid;
    this.#isAway = met.isAway;
    this.#wasIntroduced = met.wasIntroduced;
  }

  /**
   * The guest at an address. One whose UUID is known and that is not at its domid any more is away until
   * it is found. Throws NO_SUCH_DOMAIN, or GUEST_NO_DATA when its agent could not answer.
   */
  static async meet(ports: GuestPorts, { domid, uuid }: GuestAddress): Promise<TrackedGuest> {
    const [domain, wasIntroduced] = await Promise.all([
      readDomain(ports.xenstore, domid),
      isIntroduced(ports.xenstore, domid),
    ]);
    if (uuid !== undefined && domain?.uuid !== uuid) {
      const identity = { uuid, name: undefined };
      return new TrackedGuest(ports, { identity, domid, isAway: true, wasIntroduced: true });
    }
    const identity = assertReachable(domain, domid);
    return new TrackedGuest(ports, { identity, domid, isAway: false, wasIntroduced });
  }

  /** Where it is, or was last. */
  get domid(): number {
    return this.#domid;
  }

  /** Whether it is not at its domid any more. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** How long its return has been awaited. */
  get awayMs(): number {
    return this.#awaySinceMs === undefined ? 0 : this.#ports.clock.nowMs() - this.#awaySinceMs;
  }

  /** What all callers for this guest share, whatever its domid. */
  get key(): string {
    return guestKey(this.identity, this.#domid);
  }

  /** Whether the domain with its domid is there and still this guest. */
  async isHere(): Promise<boolean> {
    const { xenstore } = this.#ports;
    const [domain, introduced] = await Promise.all([
      readDomain(xenstore, this.#domid),
      this.#isIntroduced(this.#domid),
    ]);
    // A guest may get a new name at any time, so its name does not count here.
    return domain !== undefined && introduced && domain.uuid === this.identity.uuid;
  }

  /** Takes note that it is away: from now on its return is awaited. */
  leave(): void {
    this.#isAway = true;
    this.#awaySinceMs ??= this.#ports.clock.nowMs();
  }

  /**
   * Looks for it under every domid, and says whether it is there and can be asked. While a migration has
   * two domains of it, the older one counts, until that is gone.
   */
  async findAgain(): Promise<boolean> {
    for (const domain of await listDomains(this.#ports.xenstore)) {
      if (!domain.hasData || !isSameGuest(this.identity, domain)) continue;
      if (!(await this.#isIntroduced(domain.domid))) continue;
      this.#domid = domain.domid;
      this.#isAway = false;
      this.#awaySinceMs = undefined;
      return true;
    }
    return false;
  }

  async #isIntroduced(domid: number): Promise<boolean> {
    return !this.#wasIntroduced || isIntroduced(this.#ports.xenstore, domid);
  }
}

function assertReachable(domain: DomainSummary | undefined, domid: number): GuestIdentity {
  if (domain === undefined) {
    const message = `No domain has domid ${domid}: ${domainPath(domid)} is not in XenStore`;
    throw new HostError("NO_SUCH_DOMAIN", message, { domid });
  }
  if (!domain.hasData) {
    const message =
      `Domain ${domid} has no node ${domainPath(domid)}/data, so its agent cannot answer. ` +
      `Its toolstack should have made it, owned by the domain (permissions n${domid})`;
    throw new HostError("GUEST_NO_DATA", message, { domid });
  }
  return { uuid: domain.uuid, name: domain.name };
}

/** A caller without the privilege to ask is told only by the domain's node. */
async function isIntroduced(xenstore: XenstoreClient, domid: number): Promise<boolean> {
  try {
    return await xenstore.isIntroduced(domid);
  } catch (error) {
    if (error instanceof XenstoreError && (error.code === "EACCES" || error.code === "ENOSYS")) return true;
    throw error;
  }
}
