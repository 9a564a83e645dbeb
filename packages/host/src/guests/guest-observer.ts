import { type Clock, type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { readVmData } from "../domain-vm-data.ts";
import { ifPresent, listDomains } from "../domains.ts";
import { HostError } from "../errors.ts";
import { dataPath, DOMAINS_PATH } from "../model/guest-paths.ts";
import { GuestLocator } from "../operations-runner/guest-locator.ts";
import { translateFault } from "../operations-runner/translate-fault.ts";
import { CONNECTOR_PROBE_MS, EXCHANGE_NODES_MAX } from "./limits.ts";
import { printable } from "./printable.ts";
import { type GuestNodes, readGuestNodes } from "./read-nodes.ts";
import { SharedLooks } from "./shared-looks.ts";

/** What XenStore shows of the domain of an instance. */
export interface GuestSight {
  readonly domid: number;
  /** Whether XenStore serves it: it does from when its domain is built to when that shuts down. */
  readonly isIntroduced: boolean;
  readonly nodes: GuestNodes;
  /** Text by path below `vm-data`. */
  readonly vmData: Readonly<Record<string, string>>;
  /** Ids of the requests that nobody has taken, and of the replies that nobody has read. */
  readonly waiting: readonly string[];
  readonly left: readonly string[];
}

/** A domain of the host, other than dom0. */
export interface SeenDomain {
  readonly domid: number;
  readonly uuid: string | undefined;
}

/** Whether XenStore can be reached, and since when, where that is known. */
export interface ConnectorSight {
  readonly state: "connected" | "lost";
  readonly since: Date | null;
}

/** What there is to see of guests from outside; it asks them nothing and changes nothing. */
export interface GuestObservation {
  /** Undefined for an instance that has no domain. Throws XENSTORE_FAILED. */
  look(instanceId: string): Promise<GuestSight | undefined>;
  /** Throws XENSTORE_FAILED. */
  domains(): Promise<readonly SeenDomain[]>;
  connector(): Promise<ConnectorSight>;
}

export interface GuestObserverOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  readonly now: () => Date;
}

/** Looks into XenStore. */
export class GuestObserver implements GuestObservation {
  readonly #options: GuestObserverOptions;
  readonly #locator: GuestLocator;
  /** One costs some thousand requests, and whoever may look asks as often as they like. */
  readonly #looks = new SharedLooks<GuestSight | undefined>();
  #connector: ConnectorSight;

  constructor(options: GuestObserverOptions) {
    this.#options = options;
    this.#locator = new GuestLocator(options.xenstore);
    this.#connector = { state: "connected", since: options.now() };
  }

  look(instanceId: string): Promise<GuestSight | undefined> {
    return this.#looks.look(instanceId, () => this.#look(instanceId));
  }

  async domains(): Promise<readonly SeenDomain[]> {
    try {
      const all = await listDomains(this.#options.xenstore);
      return all.filter(({ domid }) => domid !== 0).map(({ domid, uuid }) => ({ domid, uuid }));
    } catch (error) {
      throw translateFault(error, "while the domains were listed");
    }
  }

  async connector(): Promise<ConnectorSight> {
    const state = (await this.#isReached()) ? "connected" : "lost";
    if (state !== this.#connector.state) this.#connector = { state, since: this.#options.now() };
    return this.#connector;
  }

  async #look(instanceId: string): Promise<GuestSight | undefined> {
    try {
      const domid = await this.#locator.locate(instanceId);
      return await this.#read(domid);
    } catch (error) {
      if (error instanceof HostError && error.code === "NO_SUCH_DOMAIN") return undefined;
      throw translateFault(error, `while instance ${instanceId} was looked at`);
    }
  }

  async #read(domid: number): Promise<GuestSight> {
    const { xenstore } = this.#options;
    const [isIntroduced, nodes, vmData, waiting, left] = await Promise.all([
      tellIntroduced(xenstore, domid),
      readGuestNodes(xenstore, domid),
      readVmData(xenstore, domid),
      this.#namesIn(domid, "host"),
      this.#namesIn(domid, "guest"),
    ]);
    return { domid, isIntroduced, nodes, vmData, waiting, left };
  }

  async #namesIn(domid: number, directory: "host" | "guest"): Promise<readonly string[]> {
    const names = (await ifPresent(this.#options.xenstore.list(`${dataPath(domid)}/${directory}`))) ?? [];
    return names.slice(0, EXCHANGE_NODES_MAX).map(printable);
  }

  async #isReached(): Promise<boolean> {
    const { xenstore, clock } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(CONNECTOR_PROBE_MS, () => resolve(false));
      const settle = (isReached: boolean): void => {
        cancel();
        resolve(isReached);
      };
      xenstore.exists(DOMAINS_PATH).then(
        () => settle(true),
        () => settle(false),
      );
    });
  }
}

/** A server that does not tell is taken at the domain's node, which is there. */
async function tellIntroduced(xenstore: XenstoreClient, domid: number): Promise<boolean> {
  try {
    return await xenstore.isIntroduced(domid);
  } catch (error) {
    if (error instanceof XenstoreError && (error.code === "EACCES" || error.code === "ENOSYS")) return true;
    throw error;
  }
}
