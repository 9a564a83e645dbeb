import { wipeableBytes } from "../secret.ts";

/** Bytes of a block of MD5 and of SHA-256. */
export const HASH_BLOCK_BYTES = 64;

/**
 * The message as both hashes want it: followed by a bit of one, zeros up to whole blocks, and its
 * length in bits as 64 bits (RFC 1321, 3.1 and 3.2; FIPS 180-4, 5.1.1). A copy: wipe it after use.
 */
export function padMessage(message: Uint8Array, isLittleEndian: boolean): Uint8Array {
  const blocks = Math.ceil((message.length + 9) / HASH_BLOCK_BYTES);
  const padded = wipeableBytes(blocks * HASH_BLOCK_BYTES);
  padded.set(message);
  padded[message.length] = 0x80;
  const bits = BigInt(message.length) * 8n;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, bits, isLittleEndian);
  return padded;
}
