import type { Transport } from "@nova-agent/xenstore";

/** A transport that can be told to end instead of sending, so that a request fails half-way. */
export class FailingTransport implements Transport {
  readonly start: Transport["start"];
  readonly pause: Transport["pause"];
  readonly resume: Transport["resume"];
  readonly close: Transport["close"];
  readonly #inner: Transport;
  #isFailing = false;

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

  /** Lets the next `send` end the connection. */
  failNextSend(): void {
    this.#isFailing = true;
  }

  send(bytes: Uint8Array): boolean {
    if (!this.#isFailing) return this.#inner.send(bytes);
    this.#inner.close();
    return true;
  }
}
