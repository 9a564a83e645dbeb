import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";

/** A key pair of OpenSSH's kind `ssh-rsa`. */
export interface RsaKey {
  /** As in `authorized_keys`. */
  readonly publicKey: string;
  /** What was encrypted for it, with the padding taken off. */
  readonly decrypt: (base64: string) => string;
}

export function rsaKey(): RsaKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n, "base64url")]);
  const blob = [Buffer.from("ssh-rsa"), Buffer.from(e, "base64url"), modulus].flatMap(field);
  return {
    publicKey: `ssh-rsa ${Buffer.concat(blob).toString("base64")} test`,
    decrypt: (base64) => {
      // Node refuses to take this padding off in some versions: 00 02, random bytes, 00, the text (RFC 8017, 7.2.2).
      const key = { key: privateKey, padding: constants.RSA_NO_PADDING };
      const block = privateDecrypt(key, Buffer.from(base64, "base64"));
      if (block[0] !== 0 || block[1] !== 2) throw new Error("It is not encrypted for this key");
      return block.subarray(block.indexOf(0, 2) + 1).toString();
    },
  };
}

function field(bytes: Buffer): readonly Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
