import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { PasswordCrypto } from "../crypto/password-crypto.ts";

/** The cryptography of Node. */
export const nodeCrypto: PasswordCrypto = {
  randomBytes,
  md5: (message) => createHash("md5").update(message).digest(),
  encryptAesCbc: ({ key, iv, data }) => {
    const cipher = createCipheriv("aes-128-cbc", key, iv);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  },
};
