import type { PasswordCrypto } from "@nova-agent/host";

type RandomBytes = Pick<PasswordCrypto, "randomBytes">;

/** How many numbers a byte can be. */
const BYTE_VALUES = 256;

/** A number below another one of at most 256, each as likely as any other, that nobody can guess. */
export function randomNumber(below: number, source: RandomBytes): number {
  // What is left over above the last whole multiple would make some numbers likelier.
  const end = BYTE_VALUES - (BYTE_VALUES % below);
  for (;;) {
    const [byte = BYTE_VALUES] = source.randomBytes(1);
    if (byte < end) return byte % below;
  }
}

/** A new random GUID (RFC 9562, version 4). */
export function randomGuid(source: RandomBytes): string {
  const bytes = Uint8Array.from(source.randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
