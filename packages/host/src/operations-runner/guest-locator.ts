import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent, listDomains } from "../domains.ts";
import { HostError } from "../errors.ts";
import { parseVmPath } from "../model/guest-identity.ts";
import { vmPath } from "../model/guest-paths.ts";

/** Finds the domain of a guest by its UUID: thousands that are asked for at once cost one listing. */
export class GuestLocator {
  readonly #xenstore: XenstoreClient;
  #domids: ReadonlyMap<string, number> = new Map();
  #listing: Promise<void> | undefined;

  constructor(xenstore: XenstoreClient) {
    this.#xenstore = xenstore;
  }

  /** Throws NO_SUCH_DOMAIN when no domain is this guest now. */
  async locate(uuid: string): Promise<number> {
    const known = this.#domids.get(uuid);
    if (known !== undefined && (await this.#isAt(uuid, known))) return known;
    // One that went on already may have passed the guest's domain before it was there.
    const wasUnderWay = this.#listing !== undefined;
    await this.#list();
    if (wasUnderWay && !this.#domids.has(uuid)) await this.#list();
    const domid = this.#domids.get(uuid);
    if (domid !== undefined) return domid;
    throw new HostError("NO_SUCH_DOMAIN", `No domain is the guest ${uuid} at the moment`);
  }

  async #isAt(uuid: string, domid: number): Promise<boolean> {
    return parseVmPath((await ifPresent(this.#xenstore.readText(vmPath(domid)))) ?? "") === uuid;
  }

  async #list(): Promise<void> {
    this.#listing ??= this.#readAll().finally(() => {
      this.#listing = undefined;
    });
    await this.#listing;
  }

  async #readAll(): Promise<void> {
    const domids = new Map<string, number>();
    for (const { uuid, domid } of await listDomains(this.#xenstore)) {
      // While a migration has two domains of it, the older one counts.
      if (uuid !== undefined && !domids.has(uuid)) domids.set(uuid, domid);
    }
    this.#domids = domids;
  }
}
