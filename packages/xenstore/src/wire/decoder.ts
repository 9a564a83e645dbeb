import { XenstoreError } from "../errors.ts";
import { HEADER_BYTES, PAYLOAD_MAX_BYTES } from "../limits.ts";
import { type Packet, readPacket, readPayloadLength } from "./packet.ts";

export interface PacketDecoderOptions {
  /** Largest payload taken; 4096 unless said otherwise, which is all that the protocol allows. */
  readonly maxPayloadBytes?: number;
}

/**
 * Cuts a byte stream into packets, in whatever slices the bytes come. Holds no more than one packet.
 * A header that announces a larger payload throws E2BIG: the stream cannot be followed any further, and
 * the connection must be closed.
 */
export class PacketDecoder {
  readonly #maxPayloadBytes: number;
  /** Made when first needed: most connections never split a packet. */
  #held: Uint8Array | undefined;
  #heldBytes = 0;

  constructor({ maxPayloadBytes = PAYLOAD_MAX_BYTES }: PacketDecoderOptions = {}) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  /** Bytes of an unfinished packet held so far. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Calls `receive` for every packet that `chunk` completes, in order, until it returns false. Returns
   * how many bytes were taken: fewer than there are only when it was stopped.
   */
  push(chunk: Uint8Array, receive: (packet: Packet) => unknown): number {
    let offset = 0;
    if (this.#heldBytes > 0) {
      offset = this.#fillHeld(chunk);
      const packet = this.#takeHeld();
      if (packet !== undefined && receive(packet) === false) return offset;
    }
    while (chunk.length - offset >= HEADER_BYTES) {
      const length = this.#readLength(chunk, offset);
      const end = offset + HEADER_BYTES + length;
      if (end > chunk.length) break;
      const packet = readPacket(chunk, offset, length);
      offset = end;
      if (receive(packet) === false) return offset;
    }
    if (offset < chunk.length) this.#hold(chunk, offset, chunk.length);
    return chunk.length;
  }

  /** Adds what the held packet lacks from the front of `chunk`; returns how many bytes it took. */
  #fillHeld(chunk: Uint8Array): number {
    let offset = Math.min(Math.max(HEADER_BYTES - this.#heldBytes, 0), chunk.length);
    const held = this.#hold(chunk, 0, offset);
    if (this.#heldBytes < HEADER_BYTES) return offset;
    const length = this.#readLength(held, 0);
    const end = Math.min(offset + HEADER_BYTES + length - this.#heldBytes, chunk.length);
    this.#hold(chunk, offset, end);
    return end;
  }

  /** The held packet, when it is whole. */
  #takeHeld(): Packet | undefined {
    const held = this.#held;
    if (held === undefined || this.#heldBytes < HEADER_BYTES) return undefined;
    const length = readPayloadLength(held, 0);
    if (this.#heldBytes < HEADER_BYTES + length) return undefined;
    this.#heldBytes = 0;
    return readPacket(held, 0, length);
  }

  #hold(chunk: Uint8Array, start: number, end: number): Uint8Array {
    const held = this.#roomFor(this.#heldBytes + end - start);
    if (start === end) return held;
    // A held header announces its length before the payload is held, so an oversize packet ends here.
    held.set(chunk.subarray(start, end), this.#heldBytes);
    this.#heldBytes += end - start;
    if (this.#heldBytes >= HEADER_BYTES) this.#readLength(held, 0);
    return held;
  }

  /** The buffer, grown where a larger packet than usual is allowed; what is held stays. */
  #roomFor(bytes: number): Uint8Array {
    const held = (this.#held ??= new Uint8Array(HEADER_BYTES + PAYLOAD_MAX_BYTES));
    if (bytes <= held.length) return held;
    const larger = new Uint8Array(Math.max(bytes, 2 * held.length));
    larger.set(held.subarray(0, this.#heldBytes));
    this.#held = larger;
    return larger;
  }

  #readLength(bytes: Uint8Array, offset: number): number {
    const length = readPayloadLength(bytes, offset);
    if (length <= this.#maxPayloadBytes) return length;
    throw new XenstoreError("E2BIG", `Packet announces ${length} bytes, over ${this.#maxPayloadBytes}`);
  }
}
