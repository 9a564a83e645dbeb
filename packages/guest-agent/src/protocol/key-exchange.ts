import { AgentError } from "../errors.ts";
import { Secret, wipeableBytes } from "../secret.ts";
import type { RequestValue } from "./request.ts";

/** The prime of the protocol's Diffie-Hellman exchange, 2^107 - 1. */
export const PRIME = 162259276829213363391578010288127n;

/** The generator of the protocol's Diffie-Hellman exchange. */
export const GENERATOR = 5n;

/** Bytes of a private key: more than the prime has, so that every key is nearly as likely. */
export const PRIVATE_KEY_BYTES = 32;

const DIGIT_ZERO = 0x30;

/** What the guest's half of an exchange gives: the key to tell the host, and what both share. */
export interface Agreement {
  readonly publicKey: string;
  /** Decimal text of the shared number: the passphrase of the password's cipher. */
  readonly shared: Secret;
}

/**
 * The host's public key as text or number. Throws AGENT_BAD_PAYLOAD unless it is a decimal number from
 * 2 to the prime minus 2: with the others the shared number would be known to everybody.
 */
export function parsePublicKey(value: RequestValue): bigint {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  const key = /^\d{1,64}$/.test(text) ? BigInt(text) : 0n;
  if (key < 2n || key > PRIME - 2n) {
    throw new AgentError(
      "AGENT_BAD_PAYLOAD",
      "Public key must be a decimal number from 2 to the prime minus 2",
    );
  }
  return key;
}

/**
 * The guest's half of the exchange, from the host's key and fresh random bytes, which are zeroed. The
 * private key and the shared number exist as BigInts for a moment, which JavaScript cannot wipe, but
 * never as text.
 */
export function agree(peerKey: bigint, randomBytes: Uint8Array): Agreement {
  let random = 0n;
  for (const byte of randomBytes) random = (random << 8n) | BigInt(byte);
  randomBytes.fill(0);
  const privateKey = (random % (PRIME - 3n)) + 2n;
  return {
    publicKey: powerModPrime(GENERATOR, privateKey).toString(),
    shared: new Secret(decimalText(powerModPrime(peerKey, privateKey))),
  };
}

/** The decimal text of a positive number, made without the string that `toString()` would leave behind. */
function decimalText(value: bigint): Uint8Array {
  let length = 1;
  for (let rest = value; rest >= 10n; rest /= 10n) length += 1;
  const text = wipeableBytes(length);
  for (let [at, rest] = [length - 1, value]; at >= 0; at -= 1, rest /= 10n) {
    text[at] = DIGIT_ZERO + Number(rest % 10n);
  }
  return text;
}

function powerModPrime(base: bigint, exponent: bigint): bigint {
  let [power, result] = [base % PRIME, 1n];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * power) % PRIME;
    power = (power * power) % PRIME;
  }
  return result;
}
