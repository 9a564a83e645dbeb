import { MessageType, type Transport } from "@nova-agent/xenstore";

/**
 * A transport that can be told to end instead of sending, so that a request fails half-way, and that
 * counts the watches which were made and not ended. Every send is one packet.
 */
export class FailingTransport implements Transport {
  readonly start: Transport["start"];
  readonly pause: Transport["pause"];
  readonly resume: Transport["resume"];
  readonly close: Transport["close"];
  readonly #inner: Transport;
  #isFailing = false;
  #watchCount = 0;

  constructor(inner: Transport) {
    this.#inner = inner;
    this.start = (handlers) => inner.start(handlers);
    this.pause = () => inner.pause();
    this.resume = () => inner.resume();
    this.close = () => inner.close();
  }

  get queuedBytes(): number {
    return this.#inner.queuedBytes;
  }

  /** How many watches were made and not ended. */
  get watchCount(): number {
    return this.#watchCount;
  }

  /** Lets the next `send` end the connection. */
  failNextSend(): void {
    this.#isFailing = true;
  }

  send(bytes: Uint8Array): boolean {
    const type = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (type === MessageType.watch) this.#watchCount += 1;
    if (type === MessageType.unwatch) this.#watchCount -= 1;
    if (!this.#isFailing) return this.#inner.send(bytes);
    this.#inner.close();
    return true;
  }
}
