import { HEADER_BYTES } from "../limits.ts";
import { type Packet, writePacket } from "../wire/packet.ts";

/** First size of a buffer; busy sessions get larger ones. */
const SLAB_MIN_BYTES = 512;

/** Largest size of a buffer, unless one batch needs more. */
const SLAB_MAX_BYTES = 65_536;

/**
 * Packets on their way out, written one behind the other. A batch that is taken belongs to the
 * transport; the next one is written behind it in the same memory, so that a reply costs no allocation.
 */
export class OutputBuffer {
  #slab = new Uint8Array(SLAB_MIN_BYTES);
  #start = 0;
  #end = 0;

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#end - this.#start;
  }

  add(packet: Packet): void {
    const room = HEADER_BYTES + packet.payload.length;
    if (this.#slab.length - this.#end < room) this.#renew(room);
    this.#end = writePacket(packet, this.#slab, this.#end);
  }

  /** All bytes added since the last time. */
  take(): Uint8Array {
    const batch = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return batch;
  }

  #renew(room: number): void {
    const waiting = this.#slab.subarray(this.#start, this.#end);
    const size = Math.min(this.#slab.length * 2, SLAB_MAX_BYTES);
    this.#slab = new Uint8Array(Math.max(size, (waiting.length + room) * 2));
    this.#slab.set(waiting);
    this.#start = 0;
    this.#end = waiting.length;
  }
}
