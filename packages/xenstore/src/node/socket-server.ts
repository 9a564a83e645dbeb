import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { type ServerSession, serve } from "../server/session.ts";
import type { Store } from "../store/store.ts";
import { socketTransport } from "./unix-socket.ts";
import type { WriteSchedule } from "./write-schedule.ts";

/** Mode bits a socket shall not have: all but reading and writing by its owner. */
const SOCKET_UMASK = 0o177;

export interface SocketServerOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Who the clients of this socket are. */
  readonly domid: number;
  readonly path: string;
  readonly connectionsMax: number;
  /** Shared by all sockets of the store. */
  readonly schedule: WriteSchedule;
}

/**
 * One unix socket with its clients, all of one domain. The socket is there, with mode 0600 from the first
 * moment, when the constructor returns; that it could not be made, `listening` tells.
 */
export class SocketServer {
  readonly listening: Promise<void>;
  readonly #options: SocketServerOptions;
  readonly #server: Server;
  readonly #sessions = new Set<ServerSession>();
  #closed: Promise<void> | undefined;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = options.connectionsMax;
    this.listening = new Promise((resolve, reject) => {
      this.#server.once("listening", resolve);
      this.#server.once("error", reject);
    });
    const umask = process.umask(SOCKET_UMASK);
    try {
      // Binds within the call, unless a cluster's primary were asked.
      this.#server.listen({ path: options.path, exclusive: true });
    } finally {
      process.umask(umask);
    }
  }

  /** Ends the clients and removes the socket; safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const session of this.#sessions) session.close();
    });
    return this.#closed;
  }

  #accept(socket: Socket): void {
    const { store, clock, domid, schedule } = this.#options;
    let session: ServerSession | undefined;
    const ended = (): void => {
      if (session !== undefined) this.#sessions.delete(session);
    };
    session = serve(store, socketTransport(socket, schedule), { domid, clock, ended });
    this.#sessions.add(session);
  }
}
