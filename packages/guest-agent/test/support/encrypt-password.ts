import { createCipheriv, createHash } from "node:crypto";

/** How the host side encrypts: openssl enc -aes-128-cbc -nosalt -md <digest> -pass pass:<shared>. */
export function encryptPassword(options: {
  readonly shared: string;
  readonly plain: string | Uint8Array;
  readonly digest?: "md5" | "sha256";
  /** Off when `plain` brings its own, right or wrong. */
  readonly isPadded?: boolean;
}): Uint8Array {
  const { shared, plain, digest = "md5", isPadded = true } = options;
  let derived = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (derived.length < 32) {
    last = createHash(digest).update(last).update(shared).digest();
    derived = Buffer.concat([derived, last]);
  }
  const cipher = createCipheriv("aes-128-cbc", derived.subarray(0, 16), derived.subarray(16, 32));
  cipher.setAutoPadding(isPadded);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
}
