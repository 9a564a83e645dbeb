import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { HostError } from "../errors.ts";
import type { Sealer } from "../ports/sealer.ts";

/** Length of the key, in bytes. */
export const SEAL_KEY_BYTES = 32;
/** Of GCM's initial vector, as NIST SP 800-38D advises, and of its tag. */
const VECTOR_BYTES = 12;
const TAG_BYTES = 16;
/** The first byte, so that another way may be found later. */
const FORMAT = 1;
const HEAD_BYTES = 1 + VECTOR_BYTES + TAG_BYTES;

/**
 * Seals with AES-256-GCM: one byte of format, vector, tag, ciphertext. The vector is random: one key is
 * good for 2^32 seals (NIST SP 800-38D, 8.3). Throws RangeError for a key that has not 32 bytes.
 */
export function createSealer(key: Uint8Array): Sealer {
  if (key.length !== SEAL_KEY_BYTES) {
    throw new RangeError(`The key of the seal has ${key.length} bytes, not ${SEAL_KEY_BYTES}`);
  }
  return {
    seal(bytes) {
      const vector = randomBytes(VECTOR_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, vector);
      const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([Uint8Array.of(FORMAT), vector, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      if (sealed[0] !== FORMAT || sealed.length < HEAD_BYTES) throw brokenError();
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + VECTOR_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(sealed.subarray(1 + VECTOR_BYTES, HEAD_BYTES));
      const start = decipher.update(sealed.subarray(HEAD_BYTES));
      try {
        return Buffer.concat([start, decipher.final()]);
      } catch (error) {
        throw brokenError(error);
      } finally {
        start.fill(0);
      }
    },
  };
}

function brokenError(cause?: unknown): HostError {
  const message = "What was sealed cannot be opened: it was sealed with another key, or it was changed";
  return new HostError("SEAL_BROKEN", message, { cause });
}
