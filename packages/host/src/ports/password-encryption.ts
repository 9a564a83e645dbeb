/** Encrypts passwords for their owners alone. */
export interface PasswordEncryption {
  /**
   * The password for the holder of a key as in `authorized_keys`, in base64 (nova, os-server-password).
   * Undefined for a key that cannot encrypt, or not as much.
   */
  encrypt(password: Uint8Array, publicKey: string): string | undefined;
}
