import type { Clock } from "../clock.ts";
import { REQUEST_TIMEOUT_MS } from "../limits.ts";
import type { Connect } from "../transport/transport.ts";
import type { Permission } from "../wire/permissions.ts";
import { parseText } from "../wire/replies.ts";
import { type Ask, createAsk } from "./ask.ts";
import { Link } from "./link.ts";
import { createNodeOperations, type NodeOperations } from "./node-operations.ts";
import { runTransaction, type TransactionBody } from "./transaction.ts";
import { WatchRegistry } from "./watch-registry.ts";
import type { Watch, WatchOptions } from "./watch.ts";

/** How a client reaches its server. */
export interface XenstoreClientOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  /** Whether a connection that ended is made again; true unless said otherwise. */
  readonly reconnect?: boolean;
  /** Limit of every single wait: for an answer, and for a connection to be made again. */
  readonly requestTimeoutMs?: number;
}

/** A domain's introduction to XenStore: where its ring page lies and how it is woken. */
export interface Introduction {
  readonly domid: number;
  /** Guest frame number of the ring page. */
  readonly gfn: number;
  /** The domain's event channel port. */
  readonly port: number;
}

/**
 * A client of a XenStore server. Any number of requests may be under way at once. Every method
 * rejects with a XenstoreError: the server's error name, or ETIMEDOUT, ECLOSED, EPROTO of its own.
 *
 * When the connection ends, what was under way rejects with ECLOSED, and a write among it may or may
 * not have happened. The client then connects again with growing pauses, registers its watches, and
 * sends what was asked meanwhile.
 */
export class XenstoreClient implements NodeOperations {
  readonly #link: Link;
  readonly #watches: WatchRegistry;
  readonly #ask: Ask;
  readonly #nodes: NodeOperations;

  private constructor(options: XenstoreClientOptions) {
    this.#link = new Link({
      connect: options.connect,
      clock: options.clock,
      isReconnecting: options.reconnect ?? true,
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      event: (path, token) => this.#watches.deliver(path, token),
      reconnected: (connection) => this.#watches.registerAgain(connection),
      ended: (reason) => this.#watches.end(reason),
    });
    this.#watches = new WatchRegistry(this.#link);
    this.#ask = createAsk((type, payload, id) => this.request(type, payload, id));
    this.#nodes = createNodeOperations(this.#ask);
  }

  /** Connects; rejects with what prevented it, at the latest after ten seconds. */
  static async open(options: XenstoreClientOptions): Promise<XenstoreClient> {
    const client = new XenstoreClient(options);
    await client.#link.open();
    return client;
  }

  read(path: string): Promise<Uint8Array> {
    return this.#nodes.read(path);
  }

  readText(path: string): Promise<string> {
    return this.#nodes.readText(path);
  }

  write(path: string, value: string | Uint8Array): Promise<void> {
    return this.#nodes.write(path, value);
  }

  makeDirectory(path: string): Promise<void> {
    return this.#nodes.makeDirectory(path);
  }

  remove(path: string): Promise<void> {
    return this.#nodes.remove(path);
  }

  list(path: string): Promise<string[]> {
    return this.#nodes.list(path);
  }

  exists(path: string): Promise<boolean> {
    return this.#nodes.exists(path);
  }

  getPermissions(path: string): Promise<Permission[]> {
    return this.#nodes.getPermissions(path);
  }

  setPermissions(path: string, permissions: readonly Permission[]): Promise<void> {
    return this.#nodes.setPermissions(path, permissions);
  }

  /** Watches a path and all below it, or a special one: `@introduceDomain`, `@releaseDomain`. */
  watch(path: string, options: WatchOptions = {}): Watch {
    return this.#watches.watch(path, options);
  }

  /** Runs `body` in a transaction, again after a conflict; what it throws aborts it. */
  transaction<T>(body: TransactionBody<T>): Promise<T> {
    return runTransaction(() => this.#link.connected(), body);
  }

  /** `/local/domain/<domid>`, whether there is such a domain or not. */
  async getDomainPath(domid: number): Promise<string> {
    return parseText(await this.#ask({ type: "getDomainPath", domid }));
  }

  /** Makes a domain known to XenStore, or rebinds one that is. Only dom0 may. */
  async introduce({ domid, gfn, port }: Introduction): Promise<void> {
    await this.#ask({ type: "introduce", domid, gfn, port });
  }

  /** Makes XenStore forget a domain and the nodes it owns. Only dom0 may. */
  async release(domid: number): Promise<void> {
    await this.#ask({ type: "release", domid });
  }

  async isIntroduced(domid: number): Promise<boolean> {
    return parseText(await this.#ask({ type: "isDomainIntroduced", domid })) === "T";
  }

  /** Makes XenStore notice the domain's next shutdown. Only dom0 may. */
  async resume(domid: number): Promise<void> {
    await this.#ask({ type: "resume", domid });
  }

  /** Gives a domain the rights of `target` as well: a device model those of its guest. Only dom0 may. */
  async setTarget(domid: number, target: number): Promise<void> {
    await this.#ask({ type: "setTarget", domid, target });
  }

  /** Drops every watch and transaction of this connection; the watches' iterations end. */
  async resetWatches(): Promise<void> {
    await this.#ask({ type: "resetWatches" });
    this.#watches.end();
  }

  /** A server's control command, such as `["help"]`, and its text. Only dom0 may. */
  async control(args: readonly string[]): Promise<string> {
    return parseText(await this.#ask({ type: "control", arguments: args }));
  }

  /** One request as it is. A transaction id is valid on the connection that gave it, no longer. */
  async request(type: number, payload: Uint8Array, transactionId?: number): Promise<Uint8Array> {
    const connection = this.#link.connection ?? (await this.#link.connected());
    return connection.request(type, payload, transactionId);
  }

  /** Ends the client: pending requests reject with ECLOSED, iterations of watches end. Safe to call twice. */
  close(): Promise<void> {
    return this.#link.close();
  }
}
