import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { XenstoreError } from "../errors.ts";
import { DOM0_CONNECTIONS_MAX, DOMAIN_CONNECTIONS_MAX, SOCKET_PATH_MAX_BYTES } from "../limits.ts";
import type { Store } from "../store/store.ts";
import { isServed } from "./is-served.ts";
import { SocketServer } from "./socket-server.ts";
import { createServerSchedule } from "./write-schedule.ts";

export interface ListenOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Where the sockets appear; made with mode 0700 when missing. */
  readonly directory: string;
  /** Told when a domain's socket cannot be made after all, for example for want of files. */
  readonly failed?: (error: XenstoreError) => void;
}

/** A store served on unix sockets. */
export interface XenstoreListener {
  /** The socket of dom0. */
  readonly socketPath: string;
  /** The socket of a domain, which is there while the domain is introduced. */
  domainSocketPath(domid: number): string;
  /** Ends all connections and removes the sockets; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves a store on unix sockets, each of mode 0600. Whoever connects to `socket` is dom0; whoever connects
 * to `dom5.sock` is the unprivileged domain 5. A domain's socket is there when INTRODUCE is answered, and
 * goes with its connections at RELEASE.
 *
 * Rejects with EBUSY when another process serves in this directory, EEXIST when what stands there is no
 * socket, and EIO for what else the system refuses. A socket that nobody serves any more is replaced.
 */
export async function listenXenstore(options: ListenOptions): Promise<XenstoreListener> {
  const listener = new Listener(options);
  await listener.start();
  return listener;
}

class Listener implements XenstoreListener {
  readonly socketPath: string;
  readonly #options: ListenOptions;
  readonly #servers = new Map<number, SocketServer>();
  readonly #schedule = createServerSchedule();
  #stopObserving: (() => void) | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.socketPath = join(options.directory, "socket");
  }

  domainSocketPath(domid: number): string {
    return domid === 0 ? this.socketPath : join(this.#options.directory, `dom${domid}.sock`);
  }

  async start(): Promise<void> {
    const { directory, store } = this.#options;
    const longest = Buffer.byteLength(this.domainSocketPath(0xffff));
    if (longest > SOCKET_PATH_MAX_BYTES) {
      throw new XenstoreError("EINVAL", `Cannot serve XenStore in "${directory}": the path is too long`);
    }
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      await this.#clear();
      const dom0 = this.#serve(0);
      await dom0.listening;
    } catch (cause) {
      if (cause instanceof XenstoreError) throw cause;
      throw new XenstoreError("EIO", `Cannot serve XenStore in "${directory}"`, { cause });
    }
    for (const domid of store.introducedDomains()) this.#serveDomain(domid);
    this.#stopObserving = store.observe({
      introduced: (domid) => this.#serveDomain(domid),
      released: (domid) => this.#stop(domid),
    });
  }

  async close(): Promise<void> {
    this.#stopObserving?.();
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.close()));
  }

  /** Removes what a server that ended has left. */
  async #clear(): Promise<void> {
    if (await isServed(this.socketPath)) {
      throw new XenstoreError("EBUSY", `Cannot serve XenStore at "${this.socketPath}": another process does`);
    }
    removeSocket(this.socketPath);
    const { directory } = this.#options;
    // Whoever serves dom0's socket serves the directory: the others are as dead as it was.
    for (const name of readdirSync(directory)) {
      if (/^dom\d+\.sock$/.test(name)) removeSocket(join(directory, name));
    }
  }

  #serveDomain(domid: number): void {
    this.#serve(domid).listening.catch((cause: unknown) => {
      this.#servers.delete(domid);
      const path = this.domainSocketPath(domid);
      this.#options.failed?.(
        new XenstoreError("EIO", `Cannot serve domain ${domid} at "${path}"`, { cause }),
      );
    });
  }

  #serve(domid: number): SocketServer {
    const { store, clock } = this.#options;
    const path = this.domainSocketPath(domid);
    const connectionsMax = domid === 0 ? DOM0_CONNECTIONS_MAX : DOMAIN_CONNECTIONS_MAX;
    const server = new SocketServer({ store, clock, domid, path, connectionsMax, schedule: this.#schedule });
    this.#servers.set(domid, server);
    return server;
  }

  #stop(domid: number): void {
    // Its connections were ended by the store; the socket is gone when this returns.
    void this.#servers.get(domid)?.close();
    this.#servers.delete(domid);
  }
}

function removeSocket(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isSocket()) throw new XenstoreError("EEXIST", `Cannot serve at "${path}": it is no socket`);
  rmSync(path);
}
