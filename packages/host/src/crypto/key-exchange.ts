import { encodeBase64, encodeLatin1 } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import { PUBLIC_KEY_MAX_DIGITS } from "../limits.ts";
import type { Secret } from "../secret.ts";
import type { PasswordCrypto } from "./password-crypto.ts";

/**
 * The protocol's Diffie-Hellman numbers (nova, agent.py): p = 2^107 - 1, g = 5. Far too small to keep a
 * secret from whoever can read XenStore; they are what every agent in the field speaks.
 */
const PRIME = 2n ** 107n - 1n;
const BASE = 5n;

const LINE_FEED = 0x0a;

/** The private key in random bytes, most significant first. */
export function privateKeyFrom(random: Uint8Array): bigint {
  let key = 0n;
  for (const byte of random) key = (key << 8n) | BigInt(byte);
  return key;
}

/** The host's public number as decimal text: agents on Windows crash when it is a JSON number. */
export function publicNumber(privateKey: bigint): string {
  return String(power(BASE, privateKey));
}

/**
 * The guest's public number in the message of its `keyinit` reply. Throws GUEST_BAD_REPLY unless it is
 * 2 to p - 2: with 0, 1 and p - 1 everybody would know the shared secret.
 */
export function parsePublicNumber(message: string, domid: number): bigint {
  const isDecimal = /^\d+$/.test(message) && message.length <= PUBLIC_KEY_MAX_DIGITS;
  const number = isDecimal ? BigInt(message) : 0n;
  if (number >= 2n && number <= PRIME - 2n) return number;
  throw new HostError(
    "GUEST_BAD_REPLY",
    `Domain ${domid} answered "keyinit" with a public number that cannot be used; no password was sent`,
    { domid, command: "keyinit" },
  );
}

/** Base64 of the password and a newline, encrypted for the guest whose public number is `guestNumber`. */
export function encryptPassword(options: {
  readonly privateKey: bigint;
  readonly guestNumber: bigint;
  readonly password: Secret;
  readonly crypto: PasswordCrypto;
}): string {
  const { crypto } = options;
  const shared = encodeLatin1(String(power(options.guestNumber, options.privateKey)));
  const password = options.password.reveal();
  // The newline is what separates the password from the padding in agents on Windows.
  const data = new Uint8Array(password.length + 1);
  data.set(password);
  data.set([LINE_FEED], password.length);
  const encrypted = crypto.encryptAesCbc({ ...deriveKey(shared, crypto), data });
  data.fill(0);
  return encodeBase64(encrypted);
}

/**
 * Key and initial vector as `openssl enc -md md5 -nosalt` derives them (EVP_BytesToKey(3), one round).
 * OpenSSL 1.1 changed the command's default to SHA-256, which no agent in the field reads.
 */
function deriveKey(
  shared: Uint8Array,
  crypto: PasswordCrypto,
): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  const key = crypto.md5(shared);
  return { key, iv: crypto.md5(Uint8Array.of(...key, ...shared)) };
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % PRIME;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
