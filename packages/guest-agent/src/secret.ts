/**
 * Zeros for bytes that are wiped one day. The ArrayBuffer of their own keeps them out of the engine's
 * heap: V8 has arrays of up to 64 bytes in there, and leaves a copy that nobody can wipe when it moves
 * one, or gives it a buffer.
 */
export function wipeableBytes(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length));
}

/** A copy that can be wiped. */
export function wipeableCopy(bytes: Uint8Array): Uint8Array {
  const copy = wipeableBytes(bytes.length);
  copy.set(bytes);
  return copy;
}

/**
 * Bytes that nobody may see: a password, a key. It prints as `[redacted]` wherever it is put by
 * mistake, and is zeroed when it has done its work. JavaScript strings cannot be wiped; bytes can.
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
