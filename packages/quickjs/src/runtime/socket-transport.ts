import * as os from "native:os";
import {
  TRANSPORT_QUEUE_BYTES,
  type Transport,
  type TransportHandlers,
  XenstoreError,
} from "@nova-agent/xenstore";
import { errorOf, wouldWait } from "./errno.ts";
import type { EventLoop } from "./event-loop.ts";
import { SOCKET_READ_BYTES } from "./limits.ts";

/** The transport over a connected socket that does not block; the descriptor is its own from here on. */
export class SocketTransport implements Transport {
  readonly #fd: number;
  readonly #loop: EventLoop;
  readonly #buffer = new Uint8Array(SOCKET_READ_BYTES);
  #handlers: TransportHandlers | undefined;
  /** Sent and not written yet; of the first, from `#written` on. */
  #queue: Uint8Array[] = [];
  #written = 0;
  #queuedBytes = 0;
  #isFlushing = false;
  #isPaused = false;
  #isSlow = false;
  #end: { readonly reason?: Error } | undefined;

  constructor(fd: number, loop: EventLoop) {
    this.#fd = fd;
    this.#loop = loop;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  start(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new TypeError("Transport is started already");
    this.#handlers = handlers;
    if (this.#end === undefined) this.#wait();
    else void this.#tellClosed();
  }

  send(bytes: Uint8Array): boolean {
    if (this.#end !== undefined) return true;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (!this.#isFlushing) void this.#flushSoon();
    if (this.#queuedBytes <= TRANSPORT_QUEUE_BYTES) return true;
    this.#isSlow = true;
    return false;
  }

  pause(): void {
    this.#isPaused = true;
    this.#wait();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wait();
  }

  close(): void {
    if (this.#end !== undefined) return;
    // What the kernel takes now still arrives; a peer that does not read cannot hold up the end.
    this.#flush();
    this.#finish({});
  }

  /** What is sent in one go is written in one go. */
  async #flushSoon(): Promise<void> {
    this.#isFlushing = true;
    await Promise.resolve();
    this.#isFlushing = false;
    this.#flush();
    this.#wait();
  }

  #flush(): void {
    while (this.#queue.length > 0 && this.#end === undefined) {
      const bytes = join(this.#queue);
      const count = os.write(this.#fd, bytes, this.#written);
      if (count < 0) {
        if (!wouldWait(count)) this.#finish({ reason: errorOf(count) });
        else this.#queue = [bytes];
        return;
      }
      this.#queuedBytes -= count;
      this.#written += count;
      this.#queue = this.#written === bytes.length ? [] : [bytes];
      if (this.#queue.length === 0) this.#written = 0;
    }
    if (this.#isSlow && this.#queuedBytes === 0 && this.#end === undefined) {
      this.#isSlow = false;
      this.#handlers?.drained?.();
    }
  }

  readonly #readable = (): void => {
    const count = os.read(this.#fd, this.#buffer, 0);
    if (count > 0) this.#handlers?.receive(this.#buffer.subarray(0, count));
    else if (count === 0) {
      this.#finish({ reason: new XenstoreError("ECLOSED", "The other side closed the socket") });
    } else if (!wouldWait(count)) this.#finish({ reason: errorOf(count) });
  };

  readonly #writable = (): void => {
    this.#flush();
    this.#wait();
  };

  #wait(): void {
    if (this.#end !== undefined || this.#handlers === undefined) return;
    this.#loop.watch(this.#fd, {
      ...(this.#isPaused ? {} : { readable: this.#readable }),
      ...(this.#queue.length > 0 ? { writable: this.#writable } : {}),
    });
  }

  #finish(end: { readonly reason?: Error }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#queue = [];
    this.#loop.unwatch(this.#fd);
    os.close(this.#fd);
    if (this.#handlers !== undefined) void this.#tellClosed();
  }

  /** Never in the middle of the caller's work. */
  async #tellClosed(): Promise<void> {
    await Promise.resolve();
    this.#handlers?.closed(this.#end?.reason);
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
