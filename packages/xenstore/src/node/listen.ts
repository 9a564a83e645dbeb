import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { XenstoreError } from "../errors.ts";
import { DOM0_CONNECTIONS_MAX, DOMAIN_CONNECTIONS_MAX, SOCKET_PATH_MAX_BYTES } from "../limits.ts";
import type { Store } from "../store/store.ts";
import { claimSocket, requireSocket } from "./claim-socket.ts";
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
  #dom0: SocketServer | undefined;
  readonly #guests = new Map<number, SocketServer>();
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
      await this.#serveDom0();
      this.#clear();
    } catch (cause) {
      await this.close();
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
    const closing = [...this.#guests.values()].map((server) => server.close());
    this.#guests.clear();
    // The name goes while it is served and after all others: whoever takes it next finds a clean directory.
    if (this.#dom0 !== undefined) rmSync(this.socketPath, { force: true });
    closing.push(this.#dom0?.close() ?? Promise.resolve());
    this.#dom0 = undefined;
    await Promise.all(closing);
  }

  /** Served first under a name of its own, so that it answers from the moment when it has its real one. */
  async #serveDom0(): Promise<void> {
    const own = join(this.#options.directory, `.${randomBytes(4).toString("hex")}`);
    const server = this.#serve(0, own);
    try {
      await server.listening;
      await claimSocket({ own, path: this.socketPath });
    } catch (error) {
      await server.close();
      throw error;
    }
    this.#dom0 = server;
  }

  /** Removes what a server that ended has left: whoever has dom0's socket has the directory. */
  #clear(): void {
    const { directory } = this.#options;
    for (const name of readdirSync(directory)) {
      if (/^(dom\d+\.sock|\.[\da-f]{8}~?)$/.test(name)) removeSocket(join(directory, name));
    }
  }

  #serveDomain(domid: number): void {
    const path = this.domainSocketPath(domid);
    const server = this.#serve(domid, path);
    this.#guests.set(domid, server);
    server.listening.catch((cause: unknown) => {
      this.#guests.delete(domid);
      this.#options.failed?.(
        new XenstoreError("EIO", `Cannot serve domain ${domid} at "${path}"`, { cause }),
      );
    });
  }

  #serve(domid: number, path: string): SocketServer {
    const { store, clock } = this.#options;
    const connectionsMax = domid === 0 ? DOM0_CONNECTIONS_MAX : DOMAIN_CONNECTIONS_MAX;
    return new SocketServer({ store, clock, domid, path, connectionsMax, schedule: this.#schedule });
  }

  #stop(domid: number): void {
    // Its connections were ended by the store; the socket is gone when this returns.
    void this.#guests.get(domid)?.close();
    this.#guests.delete(domid);
  }
}

function removeSocket(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  requireSocket(path, status);
  rmSync(path);
}
