import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "../../domains.ts";
import { parseVmPath } from "../../model/guest-identity.ts";
import { DOMAINS_PATH, parseDomid, vmPath } from "../../model/guest-paths.ts";

/** The domain of a guest. */
export interface GuestDomain {
  readonly domid: number;
  /** When it was first seen, by the clock; undefined for one that was there from the beginning. */
  readonly cameMs: number | undefined;
}

/** The domains of guests by their UUID: each is read once, so that to look again costs one request. */
export class GuestDomains {
  readonly #xenstore: Pick<XenstoreClient, "list" | "readText">;
  readonly #clock: Clock;
  #known: ReadonlyMap<number, { readonly uuid: string; readonly cameMs: number | undefined }> = new Map();
  #isFirst = true;

  constructor({ xenstore, clock }: { readonly xenstore: XenstoreClient; readonly clock: Clock }) {
    this.#xenstore = xenstore;
    this.#clock = clock;
  }

  /** Those that there are now; of a guest with two, the one that came last. */
  async look(): Promise<ReadonlyMap<string, GuestDomain>> {
    const names = (await ifPresent(this.#xenstore.list(DOMAINS_PATH))) ?? [];
    const domids = names.map(parseDomid).filter((domid) => domid !== undefined && domid !== 0);
    const known = new Map(this.#known);
    for (const domid of known.keys()) if (!domids.includes(domid)) known.delete(domid);
    const cameMs = this.#isFirst ? undefined : this.#clock.nowMs();
    for (const domid of domids) {
      if (domid === undefined || known.has(domid)) continue;
      const uuid = parseVmPath((await ifPresent(this.#xenstore.readText(vmPath(domid)))) ?? "");
      // One that is not named yet is read again.
      if (uuid !== undefined) known.set(domid, { uuid, cameMs });
    }
    this.#known = known;
    this.#isFirst = false;
    return new Map([...known].map(([domid, { uuid, cameMs }]) => [uuid, { domid, cameMs }]));
  }
}
