import type { Clock } from "../clock.ts";
import { XenstoreError } from "../errors.ts";
import {
  GUEST_SESSION_EVENTS_MAX_BYTES,
  SESSION_EVENTS_MAX_BYTES,
  SESSION_OUTPUT_MAX_BYTES,
} from "../limits.ts";
import type { Connection } from "../store/connection.ts";
import type { Store } from "../store/store.ts";
import type { Transport } from "../transport/transport.ts";
import { PacketDecoder } from "../wire/decoder.ts";
import { MessageType } from "../wire/message-type.ts";
import type { Packet } from "../wire/packet.ts";
import { encodeWatchEvent, type WatchNotice } from "../wire/replies.ts";
import { ConflictCredit } from "./conflict-credit.ts";
import { OutputBuffer } from "./output-buffer.ts";

/** What one client may leave on the server. */
export interface SessionLimits {
  /** Bytes of replies held back before no more requests are read. */
  readonly outputBytes: number;
  /** Untaken bytes at which a watch event closes the session. */
  readonly eventsBytes: number;
}

export interface ServeOptions {
  /** Who the client is: 0 is the toolstack, any other number an unprivileged domain. */
  readonly domid: number;
  readonly clock: Clock;
  readonly limits?: Partial<SessionLimits>;
  /** Told once when the session is over, with the reason when it is the client's fault. */
  readonly ended?: (reason?: Error) => void;
}

/** One client being served. */
export interface ServerSession {
  readonly domid: number;
  /** Ends it; safe to call twice. */
  close(): void;
}

/**
 * Serves one client: answers its requests in order, and sends all that one arrival of bytes brings about
 * as one piece. A client that does not take its replies is no longer read; one that does not take its
 * events either, or sends what is no packet, is closed. None of it concerns the others.
 */
export function serve(store: Store, transport: Transport, options: ServeOptions): ServerSession {
  const session = new Session(store, transport, options);
  session.start();
  return session;
}

class Session implements ServerSession {
  readonly domid: number;
  readonly #transport: Transport;
  readonly #connection: Connection;
  readonly #limits: SessionLimits;
  readonly #ended: ((reason?: Error) => void) | undefined;
  readonly #credit: ConflictCredit | undefined;
  readonly #decoder = new PacketDecoder();
  readonly #output = new OutputBuffer();
  /** Events in the output that the transport does not have yet: an equal one would tell nothing more. */
  readonly #heldEvents = new Set<string>();
  /** Bytes received that wait until the client has taken its replies, or has credit again. */
  #backlog: Uint8Array | undefined;
  /** Whether the transport said that the client is slow; what is added is held here until it has drained. */
  #isPeerSlow = false;
  #isHandling = false;
  #isFlushDue = false;
  #isClosed = false;

  constructor(store: Store, transport: Transport, options: ServeOptions) {
    const isGuest = options.domid !== 0;
    this.domid = options.domid;
    this.#transport = transport;
    this.#ended = options.ended;
    this.#limits = {
      outputBytes: SESSION_OUTPUT_MAX_BYTES,
      eventsBytes: isGuest ? GUEST_SESSION_EVENTS_MAX_BYTES : SESSION_EVENTS_MAX_BYTES,
      ...options.limits,
    };
    this.#credit = isGuest ? new ConflictCredit(options.clock, () => this.#continue()) : undefined;
    this.#connection = store.connect({
      domid: options.domid,
      peer: {
        reply: (packet) => this.#output.add(packet),
        event: (event) => this.#addEvent(event),
        ended: () => this.close(),
        conflicted: () => this.#credit?.spend(),
      },
    });
  }

  start(): void {
    this.#transport.start({
      receive: (bytes) => this.#receive(bytes),
      drained: () => {
        this.#isPeerSlow = false;
        this.#flush();
        this.#continue();
      },
      closed: (reason) => this.#end(reason),
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#end();
  }

  #end(reason?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#credit?.close();
    this.#connection.close();
    this.#transport.close();
    this.#ended?.(reason);
  }

  /** Whether requests must wait. */
  get #isBlocked(): boolean {
    return this.#isPeerSlow || this.#credit?.isSpent === true;
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#backlog === undefined && !this.#isBlocked) this.#handle(bytes);
    else this.#keep(bytes);
  }

  /** Handles what was kept, as far as it may. */
  #continue(): void {
    if (this.#isClosed || this.#isBlocked) return;
    const backlog = this.#backlog;
    this.#backlog = undefined;
    if (backlog !== undefined) this.#handle(backlog);
    if (!this.#isClosed && !this.#isBlocked) this.#transport.resume();
  }

  #handle(bytes: Uint8Array): void {
    this.#isHandling = true;
    try {
      const taken = this.#handleUntilBlocked(bytes);
      if (this.#isClosed || !this.#isBlocked) return;
      if (taken < bytes.length) this.#keep(bytes.subarray(taken));
      this.#transport.pause();
    } catch (error) {
      if (!(error instanceof XenstoreError)) throw error;
      this.#flush();
      this.#end(error);
    } finally {
      this.#isHandling = false;
    }
  }

  /** How many bytes were handled. Output goes out whenever there is enough of it, and at the end. */
  #handleUntilBlocked(bytes: Uint8Array): number {
    let taken = 0;
    do {
      taken += this.#decoder.push(taken === 0 ? bytes : bytes.subarray(taken), this.#handlePacket);
      this.#flush();
    } while (taken < bytes.length && !this.#isClosed && !this.#isBlocked);
    return taken;
  }

  /** False stops the decoder: enough for now. */
  readonly #handlePacket = (packet: Packet): boolean => {
    this.#connection.handle(packet);
    return (
      !this.#isClosed && this.#output.length < this.#limits.outputBytes && this.#credit?.isSpent !== true
    );
  };

  #keep(bytes: Uint8Array): void {
    const old = this.#backlog;
    const backlog = new Uint8Array((old?.length ?? 0) + bytes.length);
    if (old !== undefined) backlog.set(old);
    backlog.set(bytes, old?.length ?? 0);
    this.#backlog = backlog;
  }

  #addEvent(event: WatchNotice): void {
    if (this.#isClosed) return;
    // Each end of a domain is news, however many there are.
    if (!event.path.startsWith("@")) {
      const key = `${event.path}\0${event.token}`;
      if (this.#heldEvents.has(key)) return;
      this.#heldEvents.add(key);
    }
    const payload = encodeWatchEvent(event);
    this.#output.add({ type: MessageType.watchEvent, requestId: 0, transactionId: 0, payload });
    const untakenBytes = this.#output.length + this.#transport.queuedBytes;
    if (untakenBytes > this.#limits.eventsBytes) this.#giveUp(untakenBytes);
    else if (!this.#isHandling) this.#flushSoon();
  }

  /** Not within the call that made the event: its author may have more of them. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    void Promise.resolve().then(this.#flushNow);
  }

  readonly #flushNow = (): void => {
    this.#isFlushDue = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#isPeerSlow || this.#isClosed || this.#output.length === 0) return;
    this.#heldEvents.clear();
    this.#isPeerSlow = !this.#transport.send(this.#output.take());
  }

  #giveUp(untakenBytes: number): void {
    const message = `Domain ${this.domid} left ${untakenBytes} bytes of watch events untaken`;
    this.#end(new XenstoreError("ECLOSED", message));
  }
}
