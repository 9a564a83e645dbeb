import { createHash, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { ApiError } from "../../errors.ts";
import { GENERATED_KEY_BITS } from "../limits.ts";

/** Kinds of keys that OpenSSH takes (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). */
const KINDS =
  /^(?:ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/** A key that was made for somebody: the private half is theirs alone. */
export interface GeneratedKey {
  readonly publicKey: string;
  /** In PEM. */
  readonly privateKey: string;
}

/** The MD5 of a public key, with colons. Throws BAD_REQUEST for what is not one. */
export function fingerprintOf(publicKey: string): string {
  const [kind = "", data = ""] = publicKey.trim().split(/[ \t]+/);
  const bytes = Buffer.from(data, "base64");
  const isOneLine = !/[^\P{C}\t]/u.test(publicKey.trim());
  // The blob begins with the kind again, behind its length (RFC 4253, 6.6).
  const isKey = KINDS.test(kind) && bytes.subarray(4, 4 + kind.length).toString("latin1") === kind;
  if (!isOneLine || !isKey || bytes.readUInt32BE(0) !== kind.length || bytes.length <= 4 + kind.length) {
    throw new ApiError("BAD_REQUEST", "Keypair data is invalid: failed to generate fingerprint");
  }
  return createHash("md5")
    .update(bytes)
    .digest("hex")
    .replaceAll(/(..)(?=.)/g, "$1:");
}

/** A new RSA key. */
export async function generateKey(comment: string): Promise<GeneratedKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: GENERATED_KEY_BITS,
  });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const kind = "ssh-rsa";
  const blob = Buffer.concat([field(Buffer.from(kind)), field(integer(e)), field(integer(n))]);
  return {
    publicKey: `${kind} ${blob.toString("base64")} ${comment}`,
    privateKey: privateKey.export({ format: "pem", type: "pkcs1" }).toString(),
  };
}

/** A positive number as RFC 4251, section 5, "mpint" has it: its first bit is never set. */
function integer(base64Url: string): Buffer {
  const bytes = Buffer.from(base64Url, "base64url");
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
