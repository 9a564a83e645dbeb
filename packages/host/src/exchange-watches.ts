import type { Watch, XenstoreClient } from "@nova-agent/xenstore";
import type { EventBell } from "./event-bell.ts";
import { mayTellOfGuest } from "./model/guest-identity.ts";
import { DOMAINS_PATH, namePath, replyPath, requestPath, vmPath } from "./model/guest-paths.ts";
import type { RequestNodes } from "./request-nodes.ts";

/** Why an exchange looks again: the request's node, the guest's domain, or anything else changed. */
export type Happening = "request" | "domain" | "other";

/** The watches of one exchange: around its guest, or around the whole host while the guest is away. */
export class ExchangeWatches {
  readonly #xenstore: XenstoreClient;
  readonly #bell: EventBell<Happening>;
  #watches: Watch[] = [];

  constructor(xenstore: XenstoreClient, bell: EventBell<Happening>) {
    this.#xenstore = xenstore;
    this.#bell = bell;
  }

  /** Watches one request and the domain that it is for, and nothing else any more. Rings at once. */
  async watchGuest({ domid, id }: RequestNodes): Promise<void> {
    await this.#replace([
      this.#follow(replyPath(domid, id), "other"),
      this.#follow(requestPath(domid, id), "request"),
      // When a domain's tree is removed, a watch on a node that was in it tells.
      this.#follow(namePath(domid), "domain"),
      this.#follow(vmPath(domid), "domain"),
      this.#follow("@releaseDomain", "domain"),
    ]);
  }

  /**
   * Watches for a domain that appears, and nothing else any more. Rings at once. `@introduceDomain`
   * alone would not do: a toolstack may write the `data` node before it or after it.
   */
  async watchHost(): Promise<void> {
    await this.#replace([
      this.#follow("@introduceDomain", "other"),
      this.#follow(DOMAINS_PATH, "other", mayTellOfGuest),
    ]);
  }

  /** Ends the watching; safe to call twice. */
  async close(): Promise<void> {
    const watches = this.#watches;
    this.#watches = [];
    // A connection that broke has ended its watches already.
    await Promise.allSettled(watches.map((watch) => watch.close()));
  }

  async #replace(watches: readonly Watch[]): Promise<void> {
    await this.close();
    this.#watches = [...watches];
    await Promise.all(watches.map((watch) => watch.ready));
  }

  #follow(path: string, kind: Happening, isRelevant: (path: string) => boolean = () => true): Watch {
    const watch = this.#xenstore.watch(path);
    const pump = async (): Promise<void> => {
      for await (const event of watch) if (isRelevant(event.path)) this.#bell.ring(kind);
    };
    pump().catch((error: unknown) => this.#bell.fail(error));
    return watch;
  }
}
