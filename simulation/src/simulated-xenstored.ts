import {
  createTransportPair,
  serve,
  type ServerSession,
  type Store,
  type Transport,
  XenstoreError,
} from "@nova-agent/xenstore";
import type { SimulatedClock } from "./simulated-clock.ts";

/**
 * The server of XenStore. When it is started again it has its nodes, their permissions and the introduced
 * domains as before, and no connection, watch or transaction.
 */
export class SimulatedXenstored {
  readonly #store: Store;
  readonly #clock: SimulatedClock;
  readonly #sessions = new Set<ServerSession>();
  #isDown = false;

  constructor({ store, clock }: { readonly store: Store; readonly clock: SimulatedClock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** How many connections a domain has. */
  sessionCount(domid: number): number {
    return [...this.#sessions].filter((session) => session.domid === domid).length;
  }

  /** A connection as a domain. Throws ECLOSED while the server is not there. */
  connect(domid: number): Transport {
    if (this.#isDown) throw new XenstoreError("ECLOSED", "Nobody listens on the socket");
    const [client, server] = createTransportPair();
    let session: ServerSession | undefined;
    const ended = (): void => {
      if (session !== undefined) this.#sessions.delete(session);
    };
    session = serve(this.#store, server, { domid, clock: this.#clock, ended });
    this.#sessions.add(session);
    return client;
  }

  /** Ends, and starts again after a while. */
  async restart(downMs: number): Promise<void> {
    this.#isDown = true;
    for (const session of this.#sessions) session.close();
    await this.#clock.wait(downMs);
    this.#isDown = false;
  }
}
