/**
 * Bytes that nobody may see: a password. It prints as `[redacted]` wherever it is put by mistake, and
 * is zeroed when it has done its work. JavaScript strings cannot be wiped; bytes can.
 */
export class Secret {
  readonly #bytes: Uint8Array;

  /** Takes the bytes over: the caller keeps no other copy. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves, for the one place that needs them. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  /** Overwrites the bytes with zeros; safe to call twice. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }
}
