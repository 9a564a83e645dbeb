import { HEADER_BYTES, PAYLOAD_MAX_BYTES } from "../limits.ts";

/** One message of either direction. `type`, `requestId` and `transactionId` are unsigned 32-bit. */
export interface Packet {
  readonly type: number;
  readonly requestId: number;
  readonly transactionId: number;
  /** 0 to 4096 bytes, more only where a decoder was told to take it. From a decoder, a view that is valid only until the next bytes are pushed. */
  readonly payload: Uint8Array;
}

/** The bytes of one packet. Throws a RangeError when the payload is over 4096 bytes. */
export function encodePacket(packet: Packet): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + packet.payload.length);
  writePacket(packet, bytes, 0);
  return bytes;
}

/** Writes one packet into `target` at `offset` and returns the offset behind it. */
export function writePacket(packet: Packet, target: Uint8Array, offset: number): number {
  const { payload } = packet;
  if (payload.length > PAYLOAD_MAX_BYTES) {
    throw new RangeError(`Payload of ${payload.length} bytes is over ${PAYLOAD_MAX_BYTES}`);
  }
  writeUint32(target, offset, packet.type);
  writeUint32(target, offset + 4, packet.requestId);
  writeUint32(target, offset + 8, packet.transactionId);
  writeUint32(target, offset + 12, payload.length);
  target.set(payload, offset + HEADER_BYTES);
  return offset + HEADER_BYTES + payload.length;
}

/** The payload length that the header at `offset` announces. */
export function readPayloadLength(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset + 12);
}

/** The packet at `offset`, whose `HEADER_BYTES + length` bytes are all there. */
export function readPacket(bytes: Uint8Array, offset: number, length: number): Packet {
  const start = offset + HEADER_BYTES;
  return {
    type: readUint32(bytes, offset),
    requestId: readUint32(bytes, offset + 4),
    transactionId: readUint32(bytes, offset + 8),
    payload: bytes.subarray(start, start + length),
  };
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

// The header is in the byte order of the host; every architecture Xen guests use here is little-endian.
function readUint32(bytes: Uint8Array, at: number): number {
  const low = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16);
  return (low | (byteAt(bytes, at + 3) << 24)) >>> 0;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
