import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import type { PasswordEncryption } from "../ports/password-encryption.ts";

const KIND = "ssh-rsa";

/** RSA with the padding that `nova get-password` takes off (RFC 8017, 7.2, RSAES-PKCS1-v1_5). */
export const nodePasswordEncryption: PasswordEncryption = {
  encrypt: (password, publicKey) => {
    const [kind, data = ""] = publicKey.trim().split(/[ \t]+/);
    if (kind !== KIND) return undefined;
    try {
      const key = createPublicKey({ key: rsaKey(Buffer.from(data, "base64")), format: "jwk" });
      return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, password).toString("base64");
    } catch {
      // The key is no key, or too short for this password.
      return undefined;
    }
  },
};

/** The parts of a key: its kind, exponent and modulus (RFC 4253, 6.6). Throws RangeError where they end too early. */
function rsaKey(blob: Buffer) {
  const [, e = Buffer.of(), n = Buffer.of()] = fields(blob);
  return { kty: "RSA", e: e.toString("base64url"), n: n.toString("base64url") };
}

function fields(blob: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    const end = at + 4 + blob.readUInt32BE(at);
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return found;
}
