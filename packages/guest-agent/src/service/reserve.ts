import type { XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { SPARE_NODES } from "../limits.ts";
import type { Logger } from "../log.ts";
import { ANSWERS_PATH, isRefusal, listNames, removeOwn } from "../nodes.ts";

/** Where the spare nodes are: hosts list neither this nor what is above it to find answers. */
const SPARE_PATH = "data/nova-agent/spare";

const spareNames: readonly string[] = Array.from({ length: SPARE_NODES }, (_, index) => `${index}`);

/** What a reserve stands on. */
export interface ReserveOptions {
  readonly client: XenstoreClient;
  readonly log: Logger;
}

/**
 * Nodes that are there to be given up. A quota counts all nodes of a domain, whichever of its programs
 * made them (C xenstored, `--entry-nb`): one that uses it up would leave the agent without a node to
 * answer with. The directory of the answers is held as well, because a directory may be full too.
 */
export class Reserve {
  readonly #client: XenstoreClient;
  readonly #log: Logger;
  /** Whether the log has said that nodes are missing, and not yet that they are back. */
  #isShort = false;

  constructor({ client, log }: ReserveOptions) {
    this.#client = client;
    this.#log = log;
  }

  /** Makes what is missing, as far as XenStore lets us; when nothing is, that is one request. */
  async replenish(): Promise<void> {
    const present = new Set(await listNames(this.#client, SPARE_PATH));
    const missing = spareNames.filter((name) => !present.has(name));
    if (missing.length > 0) {
      // A domain that was migrated has an empty `data`: then the directory of the answers is gone too.
      const refusal = await this.#make([ANSWERS_PATH, ...missing.map((name) => `${SPARE_PATH}/${name}`)]);
      if (refusal !== undefined) return this.#tellRefusal(refusal);
    }
    if (this.#isShort) this.#log.info("XenStore has room for this guest, the reserve is whole again");
    this.#isShort = false;
  }

  /** Removes up to `count` spare nodes; says how many it were. */
  async giveUp(count: number): Promise<number> {
    const present = (await listNames(this.#client, SPARE_PATH)) ?? [];
    const given = present.slice(-count);
    for (const name of given) await removeOwn(this.#client, `${SPARE_PATH}/${name}`);
    if (given.length > 0 && !this.#isShort) {
      this.#log.warn("XenStore's quota for this guest is used up, answering from the reserve", {
        left: present.length - given.length,
      });
      this.#isShort = true;
    }
    return given.length;
  }

  /** Makes nodes until one is refused, and says why; making one that is there is no change. */
  async #make(paths: readonly string[]): Promise<XenstoreError | undefined> {
    for (const path of paths) {
      try {
        await this.#client.makeDirectory(path);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return error;
      }
    }
    return undefined;
  }

  #tellRefusal(error: XenstoreError): void {
    if (this.#isShort) return;
    this.#log.warn("No room in XenStore for the nodes that the agent holds for its answers", {
      code: error.code,
      error: error.message,
    });
    this.#isShort = true;
  }
}
