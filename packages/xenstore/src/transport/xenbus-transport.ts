import { isWireErrorName, XenstoreError } from "../errors.ts";
import { HEADER_BYTES, TRANSPORT_QUEUE_BYTES, XENBUS_READ_BYTES } from "../limits.ts";
import { MessageType } from "../wire/message-type.ts";
import { encodePacket, readPacket, readPayloadLength } from "../wire/packet.ts";
import { encodeLatin1 } from "../wire/text.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** Why a device refused a read or a write; `code` is the errno's name. */
export interface DeviceError extends Error {
  readonly code?: string | undefined;
}

/** The open device; its reads may block a thread until there is something to read. */
export interface XenbusDevice {
  read(buffer: Uint8Array, done: (error: DeviceError | null, length: number) => void): void;
  write(bytes: Uint8Array, done: (error: DeviceError | null) => void): void;
  /** Ends a read that waits, where that can be done: its callback is not called any more. */
  cancelRead?(): void;
  /**
   * Where a blocked read would hold up the end of the process: has `wake` write its request at that
   * moment; the returned function takes that back.
   */
  beforeExit?(wake: (write: (bytes: Uint8Array) => void) => void): () => void;
  close(): void;
}

/** A request that no client makes, with an answer that nobody waits for: it only ends a blocked read. */
const wakeRequest = encodePacket({
  type: MessageType.read,
  requestId: 0xffff_ffff,
  transactionId: 0,
  payload: encodeLatin1("domid\0"),
});

/**
 * The device's rules: one message a write, for the second of two is lost; writes one after the other;
 * one read at a time, without a position. A blocked read occupies a thread that cannot be interrupted
 * and that the process waits for at its exit, so both `close()` and the exit send one more request,
 * whose answer ends the read, and close the device afterwards.
 */
export class XenbusTransport implements Transport {
  /**
   * A write returns before the request has left: until a thread of the kernel has sent it, its body stands
   * in the open file's one buffer, where the next write puts another body under the first one's header
   * (linux, drivers/xen/xenbus/xenbus_xs.c, xenbus_dev_request_and_reply). The answer tells that it has left.
   */
  readonly takesOneRequest = true;
  readonly #device: XenbusDevice;
  readonly #path: string;
  readonly #buffer = new Uint8Array(XENBUS_READ_BYTES);
  #handlers: TransportHandlers | undefined;
  /** Unsent packets, one an entry. */
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Bytes that came while paused; no read is under way then. */
  #held: Uint8Array[] = [];
  /** Answers to requests that the device refused, until the stream is between two messages. */
  #refusals: Uint8Array[] = [];
  #isBetweenMessages = true;
  #isReading = false;
  #isWriting = false;
  #isPaused = false;
  #isSlow = false;
  #isWakeSent = false;
  #end: { readonly reason?: XenstoreError } | undefined;
  #isReleased = false;
  #forgetExit: (() => void) | undefined;

  constructor({ device, path }: { readonly device: XenbusDevice; readonly path: string }) {
    this.#device = device;
    this.#path = path;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  start(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new TypeError("Transport is started already");
    this.#handlers = handlers;
    if (this.#end !== undefined) {
      void soon(this.#tellClosed);
      return;
    }
    this.#forgetExit = this.#device.beforeExit?.(this.#wakeAtExit);
    this.#deliver();
  }

  send(bytes: Uint8Array): boolean {
    if (this.#end !== undefined) return true;
    for (let start = 0; start < bytes.length;) {
      const end = start + HEADER_BYTES + readPayloadLength(bytes, start);
      this.#queue.push(bytes.subarray(start, end));
      start = end;
    }
    this.#queuedBytes += bytes.length;
    this.#writeNext();
    if (this.#queuedBytes <= TRANSPORT_QUEUE_BYTES) return true;
    this.#isSlow = true;
    return false;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    void soon(this.#deliver);
  }

  close(): void {
    this.#finish({});
  }

  #read(): void {
    if (this.#isReading || this.#isPaused || this.#end !== undefined) return;
    this.#isReading = true;
    this.#device.read(this.#buffer, (error, length) => {
      this.#isReading = false;
      if (this.#end !== undefined) this.#release();
      else if (error !== null) this.#finish({ reason: this.#brokenError(error) });
      else if (length === 0) this.#finish({ reason: this.#brokenError() });
      else this.#received(this.#buffer.subarray(0, length));
    });
  }

  #received(bytes: Uint8Array): void {
    // The kernel queues whole messages; only a read that fills the buffer can end within one.
    this.#isBetweenMessages = bytes.length < this.#buffer.length;
    this.#held.push(bytes);
    this.#deliver();
  }

  readonly #deliver = (): void => {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    while (!this.#isPaused && this.#end === undefined) {
      const bytes = this.#held.shift() ?? (this.#isBetweenMessages ? this.#refusals.shift() : undefined);
      if (bytes === undefined) break;
      handlers.receive(bytes);
    }
    if (this.#held.length === 0) this.#read();
  };

  #writeNext(): void {
    const packet = this.#isWriting ? undefined : this.#queue.shift();
    if (packet === undefined) return;
    this.#isWriting = true;
    this.#device.write(packet, (error) => {
      this.#isWriting = false;
      this.#queuedBytes -= packet.length;
      if (this.#end !== undefined) {
        this.#release();
        return;
      }
      if (error !== null) this.#refuse(packet, error);
      this.#tellDrained();
      this.#writeNext();
    });
  }

  /** A failed write costs its request alone, as an error answer; the device stays usable. */
  #refuse(packet: Uint8Array, error: DeviceError): void {
    const { requestId, transactionId } = readPacket(packet, 0, 0);
    const name = error.code !== undefined && isWireErrorName(error.code) ? error.code : "EIO";
    const payload = encodeLatin1(`${name}\0`);
    this.#refusals.push(encodePacket({ type: MessageType.error, requestId, transactionId, payload }));
    this.#deliver();
  }

  #tellDrained(): void {
    if (!this.#isSlow || this.#queuedBytes > 0) return;
    this.#isSlow = false;
    this.#handlers?.drained?.();
  }

  #finish(end: { readonly reason?: XenstoreError }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#queue = [];
    this.#held = [];
    if (this.#handlers !== undefined) void soon(this.#tellClosed);
    this.#release();
  }

  readonly #tellClosed = (): void => {
    this.#handlers?.closed(this.#end?.reason);
  };

  /** After the end: wakes a blocked read, and closes the device when nothing uses it any more. */
  #release(): void {
    if (this.#isWriting || this.#isReleased) return;
    if (this.#isReading && this.#device.cancelRead !== undefined) {
      this.#device.cancelRead();
      this.#isReading = false;
    }
    if (this.#isReading) {
      if (!this.#isWakeSent) this.#wake();
      return;
    }
    this.#isReleased = true;
    this.#forgetExit?.();
    this.#device.close();
  }

  #wake(): void {
    this.#isWakeSent = true;
    this.#isWriting = true;
    this.#device.write(wakeRequest, () => {
      this.#isWriting = false;
      this.#release();
    });
  }

  readonly #wakeAtExit = (write: (bytes: Uint8Array) => void): void => {
    if (!this.#isReading) return;
    try {
      write(wakeRequest);
    } catch {
      // The device is gone, and with it the read.
    }
  };

  #brokenError(cause?: Error): XenstoreError {
    const because = cause === undefined ? "end of file" : cause.message;
    return new XenstoreError("ECLOSED", `Device "${this.#path}" ended: ${because}`, { cause });
  }
}

/** Calls it when the caller is done, never in the middle of its work. */
async function soon(callback: () => void): Promise<void> {
  await Promise.resolve();
  callback();
}
