import { createConnection, type Socket } from "node:net";
import { XenstoreError } from "../errors.ts";
import { TRANSPORT_QUEUE_BYTES } from "../limits.ts";
import { atEndOfTick, type WriteSchedule } from "./write-schedule.ts";
import { socketError } from "../transport/connect-error.ts";
import type { Connect, Transport, TransportHandlers } from "../transport/transport.ts";

/**
 * Connects to a XenStore server's socket, such as `/run/xenstored/socket`. Rejects with ENOENT when
 * nothing is there, EACCES without the right, EIO otherwise.
 */
export function connectUnix(path: string): Connect {
  return () =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ path });
      socket.once("error", (error) => reject(socketError(path, error)));
      socket.once("connect", () => {
        socket.removeAllListeners("error");
        resolve(socketTransport(socket));
      });
    });
}

/**
 * The transport over a connected socket, of either side; the socket is its own from here on. What is sent
 * is written when `schedule` says.
 */
export function socketTransport(socket: Socket, schedule: WriteSchedule = atEndOfTick): Transport {
  return new SocketTransport(socket, schedule);
}

class SocketTransport implements Transport {
  readonly #socket: Socket;
  readonly #schedule: WriteSchedule;
  #handlers: TransportHandlers | undefined;
  /** Sent and not written yet. */
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  #isSlow = false;
  #isClosed = false;
  #isEnded = false;
  #error: Error | undefined;

  constructor(socket: Socket, schedule: WriteSchedule) {
    this.#socket = socket;
    this.#schedule = schedule;
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => {
      this.#isEnded = true;
      this.#tellClosed();
    });
  }

  get queuedBytes(): number {
    return this.#batchBytes + this.#socket.writableLength;
  }

  start(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new TypeError("Transport is started already");
    this.#handlers = handlers;
    this.#socket.on("data", (chunk: Uint8Array) => {
      // Plain bytes: slice() of a Buffer would not copy.
      if (!this.#isClosed) handlers.receive(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    if (this.#isEnded) process.nextTick(() => this.#tellClosed());
  }

  send(bytes: Uint8Array): boolean {
    if (this.#isClosed || this.#isEnded) return true;
    this.#batchBytes += bytes.length;
    if (this.#batch.push(bytes) === 1) this.#schedule(this.#flush);
    if (this.queuedBytes <= TRANSPORT_QUEUE_BYTES) return true;
    this.#isSlow = true;
    return false;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#isClosed) return;
    // What the kernel takes now still arrives; a peer that does not read cannot hold up the end.
    this.#flush();
    this.#isClosed = true;
    this.#socket.destroy();
  }

  readonly #flush = (): void => {
    const [first] = this.#batch;
    if (first === undefined) return;
    const bytes = this.#batch.length === 1 ? first : Buffer.concat(this.#batch, this.#batchBytes);
    this.#batch = [];
    this.#batchBytes = 0;
    if (!this.#isEnded) this.#socket.write(bytes, this.#written);
  };

  readonly #written = (): void => {
    if (!this.#isSlow || this.#isClosed || this.queuedBytes > 0) return;
    this.#isSlow = false;
    this.#handlers?.drained?.();
  };

  #tellClosed(): void {
    if (this.#isClosed) this.#handlers?.closed();
    else
      this.#handlers?.closed(this.#error ?? new XenstoreError("ECLOSED", "The other side closed the socket"));
  }
}
