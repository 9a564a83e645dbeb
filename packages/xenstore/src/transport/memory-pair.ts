import { XenstoreError } from "../errors.ts";
import { TRANSPORT_QUEUE_BYTES } from "../limits.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/**
 * Two transports joined in memory: what one sends the other receives, in order and never within the
 * call of `send`. They behave as a socket does: `send` returns false over 64 KiB, a paused side leaves
 * the bytes queued, and what was sent before the end still arrives.
 */
export function createTransportPair(): [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryTransport implements Transport {
  #peer: MemoryTransport | undefined;
  #handlers: TransportHandlers | undefined;
  /** Bytes on their way to this side. */
  #incoming: Uint8Array[] = [];
  #incomingBytes = 0;
  #isPaused = false;
  #isScheduled = false;
  /** The peer was told by `send` that it is too fast. */
  #isPeerWaiting = false;
  #isClosed = false;
  #isClosedByPeer = false;
  #isEndTold = false;

  join(peer: MemoryTransport): void {
    this.#peer = peer;
  }

  get queuedBytes(): number {
    return this.#peer === undefined ? 0 : this.#peer.#incomingBytes;
  }

  start(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new TypeError("Transport is started already");
    this.#handlers = handlers;
    this.#schedule();
  }

  send(bytes: Uint8Array): boolean {
    const peer = this.#peer;
    if (peer === undefined || this.#isClosed || this.#isClosedByPeer) return true;
    peer.#incoming.push(bytes);
    peer.#incomingBytes += bytes.length;
    peer.#schedule();
    if (peer.#incomingBytes <= TRANSPORT_QUEUE_BYTES) return true;
    peer.#isPeerWaiting = true;
    return false;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#incoming = [];
    this.#incomingBytes = 0;
    this.#schedule();
    const peer = this.#peer;
    if (peer === undefined) return;
    peer.#isClosedByPeer = true;
    peer.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#handlers === undefined) return;
    this.#isScheduled = true;
    // Nothing to catch: a handler that throws is a defect, and must be seen.
    void Promise.resolve().then(() => this.#deliver());
  }

  #deliver(): void {
    this.#isScheduled = false;
    const handlers = this.#handlers;
    if (handlers === undefined || this.#isEndTold) return;
    while (!this.#isPaused && !this.#isClosed) {
      const chunk = this.#incoming.shift();
      if (chunk === undefined) break;
      this.#incomingBytes -= chunk.length;
      handlers.receive(chunk);
      this.#tellDrained();
    }
    // An end made by the peer waits for the bytes before it, as on a socket.
    if (!this.#isClosed && (!this.#isClosedByPeer || this.#incoming.length > 0)) return;
    this.#isEndTold = true;
    handlers.closed(
      this.#isClosed ? undefined : new XenstoreError("ECLOSED", "The other side closed the connection"),
    );
  }

  #tellDrained(): void {
    const peer = this.#peer;
    if (!this.#isPeerWaiting || this.#incomingBytes > 0 || peer === undefined || peer.#isClosed) return;
    this.#isPeerWaiting = false;
    peer.#handlers?.drained?.();
  }
}
