import { isUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import { Secret, wipeableBytes, wipeableCopy } from "../secret.ts";
import { AES_BLOCK_BYTES, decryptAesCbc } from "./aes.ts";
import { md5 } from "./md5.ts";
import { sha256 } from "./sha256.ts";

type Hash = (message: Uint8Array) => Uint8Array;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * What the host encrypted with `openssl enc -aes-128-cbc -nosalt -pass pass:<shared>`, without the
 * line end it adds. Hosts do not say which hash derived the key: OpenSSL took MD5 until 1.1 and takes
 * SHA-256 since. Both are tried, each must give whole PKCS#7 padding and UTF-8, and the line feed at
 * the end, which Nova always adds, decides; without it MD5 alone counts, as it did for every agent.
 * Throws AGENT_BAD_PAYLOAD with one and the same text for whatever does not fit, or fits both ways.
 */
export function decryptPassword(shared: Secret, data: Uint8Array): Secret {
  const byMd5 = decryptWith(md5, shared, data);
  const bySha256 = decryptWith(sha256, shared, data);
  const chosen = choose(byMd5, bySha256);
  for (const text of [byMd5, bySha256]) if (text !== chosen) text?.fill(0);
  if (chosen === undefined) {
    throw new AgentError("AGENT_BAD_PAYLOAD", "Invalid password data received");
  }
  return withoutLineEnd(chosen);
}

function choose(byMd5: Uint8Array | undefined, bySha256: Uint8Array | undefined): Uint8Array | undefined {
  const isMd5Line = byMd5?.at(-1) === LINE_FEED;
  const isSha256Line = bySha256?.at(-1) === LINE_FEED;
  if (isMd5Line && isSha256Line) return undefined;
  return isSha256Line ? bySha256 : byMd5;
}

function withoutLineEnd(text: Uint8Array): Secret {
  const isLine = text.at(-1) === LINE_FEED;
  const lineEnd = isLine ? (text.at(-2) === CARRIAGE_RETURN ? 2 : 1) : 0;
  const password = new Secret(wipeableCopy(text.subarray(0, text.length - lineEnd)));
  text.fill(0);
  return password;
}

/** The text, or undefined when padding or UTF-8 say that this was not the key. */
function decryptWith(hash: Hash, shared: Secret, data: Uint8Array): Uint8Array | undefined {
  if (data.length === 0 || data.length % AES_BLOCK_BYTES !== 0) return undefined;
  const derived = deriveKeyAndIv(hash, shared.reveal());
  const padded = decryptAesCbc({ key: derived.subarray(0, 16), iv: derived.subarray(16), data });
  const length = unpaddedLength(padded);
  const text = length === undefined ? undefined : wipeableCopy(padded.subarray(0, length));
  derived.fill(0);
  padded.fill(0);
  if (text !== undefined && isUtf8(text)) return text;
  text?.fill(0);
  return undefined;
}

/** 16 bytes of key, then 16 of vector (OpenSSL's EVP_BytesToKey(3), one round, no salt). */
function deriveKeyAndIv(hash: Hash, passphrase: Uint8Array): Uint8Array {
  const derived = wipeableBytes(32);
  let digest: Uint8Array = new Uint8Array(0);
  for (let length = 0; length < derived.length; length += digest.length) {
    const message = wipeableBytes(digest.length + passphrase.length);
    message.set(digest);
    message.set(passphrase, digest.length);
    digest.fill(0);
    digest = hash(message);
    message.fill(0);
    derived.set(digest, length);
  }
  digest.fill(0);
  return derived;
}

/** Length without PKCS#7 padding (RFC 5652, 6.3), every byte of which must be right. */
function unpaddedLength(padded: Uint8Array): number | undefined {
  const padding = padded.at(-1) ?? 0;
  const isWhole = padding > 0 && padding <= AES_BLOCK_BYTES;
  if (!isWhole || !padded.subarray(-padding).every((byte) => byte === padding)) return undefined;
  return padded.length - padding;
}
