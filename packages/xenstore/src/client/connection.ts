import type { Clock } from "../clock.ts";
import { XenstoreError } from "../errors.ts";
import { ANSWER_MAX_BYTES, CLIENT_REQUESTS_MAX, PAYLOAD_MAX_BYTES } from "../limits.ts";
import type { Transport } from "../transport/transport.ts";
import { PacketDecoder } from "../wire/decoder.ts";
import { MessageType } from "../wire/message-type.ts";
import { encodePacket, type Packet } from "../wire/packet.ts";
import { encodeRequest } from "../wire/requests.ts";
import { parseText, parseWatchEvent } from "../wire/replies.ts";
import { replyError, requestError } from "./failure.ts";

/** Sends one request; resolves with the answer's payload, rejects with the server's error. */
export type SendRequest = (type: number, payload: Uint8Array, transactionId?: number) => Promise<Uint8Array>;

/** What a connection needs, and whom it tells what was not asked for. */
export interface ConnectionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** A watch event: the changed path and the watch's token. */
  event(path: string, token: string): void;
  /** The end, told once; no request is pending any more. */
  closed(reason: XenstoreError): void;
}

interface PendingRequest {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly deadlineMs: number;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: XenstoreError) => void;
}

/** Ids stay far below those that transports keep for themselves, and small integers in every engine. */
const REQUEST_ID_MAX = 0x3fff_ffff;

/** One live connection: many requests at a time, each matched to its answer by the request id. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #decoder = new PacketDecoder({ maxPayloadBytes: ANSWER_MAX_BYTES });
  /** In the order of sending, which is that of the deadlines. */
  readonly #pending = new Map<number, PendingRequest>();
  /** Packets that wait for the transport to drain, or to take another request. */
  readonly #outbox = new Map<number, Uint8Array>();
  readonly #ended: Promise<void>;
  #tellEnded: () => void = () => {};
  #lastId = 0;
  /** The request under way, on a transport that takes one. */
  #oneUnderWay: number | undefined;
  #isBlocked = false;
  #failure: XenstoreError | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    options.transport.start({
      receive: (bytes) => this.#receive(bytes),
      drained: () => this.#drain(),
      closed: (reason) => {
        const because = reason === undefined ? "" : `: ${reason.message}`;
        this.#fail(new XenstoreError("ECLOSED", `Connection to XenStore ended${because}`, { cause: reason }));
        this.#tellEnded();
      },
    });
  }

  readonly request: SendRequest = (type, payload, transactionId = 0) =>
    new Promise((resolve, reject) => {
      const refusal = this.#refusal(type, payload);
      if (refusal !== undefined) return reject(refusal);
      const { clock, requestTimeoutMs } = this.#options;
      const requestId = this.#nextId();
      const deadlineMs = clock.nowMs() + requestTimeoutMs;
      this.#pending.set(requestId, { type, payload, deadlineMs, resolve, reject });
      this.#cancelTimer ??= clock.after(requestTimeoutMs, () => this.#expire());
      this.#post(requestId, encodePacket({ type, requestId, transactionId, payload }));
    });

  /** Ends the connection, pending requests with `reason`; resolves when the transport is closed. */
  close(reason: XenstoreError): Promise<void> {
    this.#fail(reason);
    return this.#ended;
  }

  #refusal(type: number, payload: Uint8Array): XenstoreError | undefined {
    const request = { type, payload };
    if (this.#failure !== undefined) {
      return requestError(request, { code: "ECLOSED", because: this.#failure.message, cause: this.#failure });
    }
    if (payload.length > PAYLOAD_MAX_BYTES) {
      const because = `request of ${payload.length} bytes is over ${PAYLOAD_MAX_BYTES}`;
      return requestError(request, { code: "E2BIG", because });
    }
    if (this.#pending.size < CLIENT_REQUESTS_MAX) return undefined;
    return requestError(request, { code: "EBUSY", because: `${CLIENT_REQUESTS_MAX} requests are pending` });
  }

  #nextId(): number {
    do {
      this.#lastId = this.#lastId === REQUEST_ID_MAX ? 1 : this.#lastId + 1;
    } while (this.#pending.has(this.#lastId));
    return this.#lastId;
  }

  #post(requestId: number, bytes: Uint8Array): void {
    if (this.#isBlocked || this.#oneUnderWay !== undefined) {
      this.#outbox.set(requestId, bytes);
      return;
    }
    const { transport } = this.#options;
    if (transport.takesOneRequest === true) this.#oneUnderWay = requestId;
    this.#isBlocked = !transport.send(bytes);
  }

  #drain(): void {
    this.#isBlocked = false;
    this.#postWaiting();
  }

  #postWaiting(): void {
    for (const [requestId, bytes] of this.#outbox) {
      if (this.#isBlocked || this.#oneUnderWay !== undefined) return;
      this.#outbox.delete(requestId);
      this.#post(requestId, bytes);
    }
  }

  #receive(bytes: Uint8Array): void {
    try {
      this.#decoder.push(bytes, (packet) => this.#dispatch(packet));
    } catch (cause) {
      if (!(cause instanceof XenstoreError)) throw cause;
      this.#failProtocol(cause.message);
    }
  }

  #dispatch(packet: Packet): void {
    if (this.#failure !== undefined) return;
    if (packet.type === MessageType.watchEvent) {
      const event = parseWatchEvent(packet.payload);
      if (event === undefined) this.#failProtocol("Watch event lacks path or token");
      else this.#options.event(event.path, event.token);
      return;
    }
    const requestId = this.#answeredId(packet);
    const request = this.#pending.get(requestId);
    if (request === undefined) return this.#dropLate(packet);
    this.#pending.delete(requestId);
    if (requestId === this.#oneUnderWay) {
      this.#oneUnderWay = undefined;
      this.#postWaiting();
    }
    if (packet.type === request.type) request.resolve(new Uint8Array(packet.payload));
    else if (packet.type === MessageType.error) request.reject(replyError(request, packet.payload));
    else this.#rejectAnswer(request, packet.type);
  }

  /** Linux before 4.10 answers WATCH and UNWATCH with request id 0; their order is then all there is. */
  #answeredId(packet: Packet): number {
    if (packet.requestId !== 0) return packet.requestId;
    for (const [requestId, request] of this.#pending) {
      if (request.type === packet.type) return requestId;
    }
    return 0;
  }

  #rejectAnswer(request: PendingRequest, type: number): void {
    const because = `answer has the type ${type}`;
    request.reject(requestError(request, { code: "EPROTO", because }));
    this.#failProtocol(`Answer of type ${type} to a request of type ${request.type}`);
  }

  /** An answer that came too late. A transaction it opened would count against the quota for ever. */
  #dropLate(packet: Packet): void {
    if (packet.type !== MessageType.transactionStart) return;
    const transactionId = Number(parseText(packet.payload));
    const payload = encodeRequest({ type: "transactionEnd", commit: false });
    this.request(MessageType.transactionEnd, payload, transactionId).catch(() => {
      // It is gone with its connection at the latest.
    });
  }

  #expire(): void {
    this.#cancelTimer = undefined;
    const { clock, requestTimeoutMs } = this.#options;
    const nowMs = clock.nowMs();
    for (const [requestId, request] of this.#pending) {
      if (request.deadlineMs > nowMs) {
        this.#cancelTimer = clock.after(request.deadlineMs - nowMs, () => this.#expire());
        return;
      }
      this.#pending.delete(requestId);
      this.#outbox.delete(requestId);
      const because = `no answer within ${requestTimeoutMs} ms`;
      request.reject(requestError(request, { code: "ETIMEDOUT", because }));
      // Whether it has left is not known, and nothing may be sent before.
      if (requestId === this.#oneUnderWay) this.#fail(new XenstoreError("ETIMEDOUT", `There is ${because}`));
    }
  }

  #failProtocol(message: string): void {
    this.#fail(new XenstoreError("EPROTO", `Server does not speak XenStore's protocol: ${message}`));
  }

  #fail(reason: XenstoreError): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#cancelTimer?.();
    this.#outbox.clear();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) {
      request.reject(requestError(request, { code: "ECLOSED", because: reason.message, cause: reason }));
    }
    this.#options.transport.close();
    this.#options.closed(reason);
  }
}
