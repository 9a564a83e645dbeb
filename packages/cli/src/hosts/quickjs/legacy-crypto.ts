import * as os from "native:os";
import { AES_BLOCK_BYTES, encryptAesCbc, md5 } from "@nova-agent/guest-agent/legacy-cipher";
import type { PasswordCrypto } from "@nova-agent/host";
import { check } from "@nova-agent/quickjs";

/** The agent's own cipher, which runs without Node, and the kernel's random numbers. */
export const legacyCrypto: PasswordCrypto = {
  randomBytes,
  md5,
  encryptAesCbc: ({ key, iv, data }) => {
    const padded = pad(data);
    const encrypted = encryptAesCbc({ key, iv, data: padded });
    padded.fill(0);
    return encrypted;
  },
};

function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  check(os.randomBytes(bytes));
  return bytes;
}

/** PKCS#7 (RFC 5652, 6.3): one to sixteen bytes, each telling how many. */
function pad(data: Uint8Array): Uint8Array {
  const padding = AES_BLOCK_BYTES - (data.length % AES_BLOCK_BYTES);
  const padded = new Uint8Array(data.length + padding).fill(padding);
  padded.set(data);
  return padded;
}
