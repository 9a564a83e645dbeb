import {
  decodeLatin1,
  encodePacket,
  encodeRequest,
  MessageType,
  type Packet,
  PacketDecoder,
  type Request,
  requestType,
  type Transport,
  type TransportHandlers,
} from "@nova-agent/xenstore";

/** A transport whose peer takes bytes only when the test says so. */
export class FakeTransport implements Transport {
  /** Bytes of each `send`, in order, that were not looked at yet. */
  sent: Uint8Array[] = [];
  /** Whether the peer takes what is sent at once. */
  isFast = true;
  isPaused = false;
  isClosed = false;
  /** Largest number of bytes that ever waited. */
  mostQueuedBytes = 0;
  #queuedBytes = 0;
  #handlers: TransportHandlers | undefined;

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
  }

  send(bytes: Uint8Array): boolean {
    if (this.isClosed) return true;
    // As it is now: it belongs to the transport, and whoever changes it later is at fault.
    this.sent.push(bytes);
    if (!this.isFast) this.#queuedBytes += bytes.length;
    this.mostQueuedBytes = Math.max(this.mostQueuedBytes, this.#queuedBytes);
    return this.isFast;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#handlers?.closed();
  }

  /** The peer sends bytes. */
  arrive(bytes: Uint8Array): void {
    this.#handlers?.receive(bytes);
  }

  /** The peer has taken all that waited. */
  drain(): void {
    this.#queuedBytes = 0;
    this.#handlers?.drained?.();
  }

  /** The peer goes away. */
  hangUp(): void {
    this.isClosed = true;
    this.#handlers?.closed();
  }

  /** What was sent since the last time, each packet as text. */
  take(): string[] {
    const texts: string[] = [];
    const decoder = new PacketDecoder();
    for (const bytes of this.sent) decoder.push(bytes, (packet) => texts.push(show(packet)));
    this.sent = [];
    return texts;
  }
}

/** `7: OK|` for the answer to request 7, `7: ENOENT` for an error, `event /a|t|` for an event. */
function show({ type, requestId, payload }: Packet): string {
  const text = decodeLatin1(payload).replaceAll("\0", "|");
  if (type === MessageType.watchEvent) return `event ${text}`;
  return `${requestId}: ${type === MessageType.error ? text.slice(0, -1) : text}`;
}

/** The bytes of requests, numbered from `first`. */
export function encodeRequests(
  requests: readonly Request[],
  options: { first?: number; transaction?: number } = {},
): Uint8Array {
  const { first = 1, transaction = 0 } = options;
  const packets = requests.map((request, index) =>
    encodePacket({
      type: requestType(request),
      requestId: first + index,
      transactionId: transaction,
      payload: encodeRequest(request),
    }),
  );
  return Uint8Array.from(Buffer.concat(packets));
}

export function read(path: string): Request {
  return { type: "read", path };
}

export function write(path: string, value: string): Request {
  return { type: "write", path, value: new TextEncoder().encode(value) };
}

export function watch(path: string, token: string): Request {
  return { type: "watch", path, token };
}
