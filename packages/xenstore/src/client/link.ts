import type { Clock } from "../clock.ts";
import { XenstoreError } from "../errors.ts";
import {
  CLIENT_REQUESTS_MAX,
  CONNECT_TIMEOUT_MS,
  RECONNECT_DELAY_MAX_MS,
  RECONNECT_DELAY_MIN_MS,
} from "../limits.ts";
import type { Connect, Transport } from "../transport/transport.ts";
import { Connection } from "./connection.ts";

/** What a link needs, and whom it tells. */
export interface LinkOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly isReconnecting: boolean;
  readonly requestTimeoutMs: number;
  event(path: string, token: string): void;
  /** A connection was made again; called before any request that waited for it is sent. */
  reconnected(connection: Connection): void;
  /** The link ended and will not come back; with a reason when it was not asked for. */
  ended(reason?: XenstoreError): void;
}

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: XenstoreError) => void;
  readonly cancelTimer: () => void;
}

/** Keeps one connection to the server, and makes a new one, with growing pauses, when it ends. */
export class Link {
  readonly #options: LinkOptions;
  readonly #waiters = new Set<Waiter>();
  #connection: Connection | undefined;
  #connectedAtMs = 0;
  #failures = 0;
  #lastError: unknown;
  #end: XenstoreError | undefined;
  #cancelRetry: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The connection, when there is one at the moment. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Makes the first connection; rejects with what prevented it. */
  async open(): Promise<void> {
    this.#adopt(await this.#dial());
  }

  /** The connection, or the next one: ETIMEDOUT when it does not come, ECLOSED after the end. */
  connected(): Promise<Connection> {
    if (this.#connection !== undefined) return Promise.resolve(this.#connection);
    if (this.#end !== undefined) return Promise.reject(closedError(this.#end));
    if (this.#waiters.size >= CLIENT_REQUESTS_MAX) {
      return Promise.reject(new XenstoreError("EBUSY", `${CLIENT_REQUESTS_MAX} requests wait for XenStore`));
    }
    return new Promise((resolve, reject) => {
      const { clock, requestTimeoutMs } = this.#options;
      const cancelTimer = clock.after(requestTimeoutMs, () => {
        this.#waiters.delete(waiter);
        const message = `Not connected to XenStore for ${requestTimeoutMs} ms`;
        reject(new XenstoreError("ETIMEDOUT", message, { cause: this.#lastError }));
      });
      const waiter: Waiter = { resolve, reject, cancelTimer };
      this.#waiters.add(waiter);
    });
  }

  /** Ends the link; resolves when the transport is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const connection = this.#connection;
    const reason = new XenstoreError("ECLOSED", "Client is closed");
    if (this.#finish(reason)) this.#options.ended();
    await connection?.close(reason);
  }

  /** A transport, within the time limit; one that comes later is closed. */
  async #dial(): Promise<Transport> {
    const connecting = this.#options.connect();
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#options.clock.after(CONNECT_TIMEOUT_MS, () => {
        connecting.then(closeTransport, ignore);
        reject(new XenstoreError("ETIMEDOUT", `Cannot connect to XenStore within ${CONNECT_TIMEOUT_MS} ms`));
      });
      connecting.finally(cancelTimer).then(resolve, reject);
    });
  }

  #adopt(transport: Transport): Connection | undefined {
    if (this.#end !== undefined) {
      transport.close();
      return undefined;
    }
    const { clock, requestTimeoutMs } = this.#options;
    const connection = new Connection({
      transport,
      clock,
      requestTimeoutMs,
      event: (path, token) => this.#options.event(path, token),
      closed: (reason) => this.#lose(reason),
    });
    this.#connection = connection;
    this.#connectedAtMs = clock.nowMs();
    return connection;
  }

  #lose(reason: XenstoreError): void {
    this.#connection = undefined;
    if (this.#end !== undefined) return;
    if (!this.#options.isReconnecting) {
      if (this.#finish(reason)) this.#options.ended(reason);
      return;
    }
    // A connection that never lasts must not be made again at full speed.
    const livedMs = this.#options.clock.nowMs() - this.#connectedAtMs;
    if (livedMs > RECONNECT_DELAY_MAX_MS) this.#failures = 0;
    this.#retry(reason);
  }

  #retry(error: unknown): void {
    this.#lastError = error;
    if (this.#end !== undefined) return;
    const delayMs = Math.min(RECONNECT_DELAY_MIN_MS * 2 ** this.#failures, RECONNECT_DELAY_MAX_MS);
    this.#failures += 1;
    this.#cancelRetry = this.#options.clock.after(delayMs, () => void this.#reconnect());
  }

  /** Never rejects. */
  async #reconnect(): Promise<void> {
    try {
      const connection = this.#adopt(await this.#dial());
      if (connection !== undefined) this.#serveWaiters(connection);
    } catch (error) {
      this.#retry(error);
    }
  }

  #serveWaiters(connection: Connection): void {
    this.#options.reconnected(connection);
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) {
      waiter.cancelTimer();
      waiter.resolve(connection);
    }
  }

  /** False when it had ended before. */
  #finish(reason: XenstoreError): boolean {
    if (this.#end !== undefined) return false;
    this.#end = reason;
    this.#cancelRetry?.();
    for (const waiter of this.#waiters) {
      waiter.cancelTimer();
      waiter.reject(closedError(reason));
    }
    this.#waiters.clear();
    return true;
  }
}

function closedError(reason: XenstoreError): XenstoreError {
  return new XenstoreError("ECLOSED", reason.message, { cause: reason });
}

function closeTransport(transport: Transport): void {
  transport.close();
}

/** A connection that failed after its time had passed was reported as late already. */
function ignore(): void {}
