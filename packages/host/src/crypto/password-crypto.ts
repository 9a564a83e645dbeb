/** What the password's way to the guest needs of cryptography, which each runtime has elsewhere. */
export interface PasswordCrypto {
  /** So many random bytes from a source that cannot be guessed. */
  randomBytes(count: number): Uint8Array;
  /** The 16 bytes of a message's MD5. */
  md5(message: Uint8Array): Uint8Array;
  /** AES-128-CBC with PKCS#7 padding; key and vector have 16 bytes each. */
  encryptAesCbc(options: {
    readonly key: Uint8Array;
    readonly iv: Uint8Array;
    readonly data: Uint8Array;
  }): Uint8Array;
}
