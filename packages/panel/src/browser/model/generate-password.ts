import { GENERATED_PASSWORD_CHARACTERS, PASSWORD_DRAWS_MAX } from "../limits.ts";

/** What is read off a screen, and over the telephone, without a doubt: no 0, O, o, 1, l, I. */
const KINDS = ["23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz"] as const;
const SYMBOLS = KINDS.join("");
/** The largest multiple of the symbols that a byte reaches: beyond it some would come more often. */
const FAIR_BYTES = Math.floor(256 / SYMBOLS.length) * SYMBOLS.length;

/** Random bytes, as many as are asked for. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * A password in which every symbol is as likely as any other, drawn anew until it has each kind, as some
 * systems want it. Throws RangeError when the source of randomness is none.
 */
export function generatePassword(randomBytes: RandomBytes): string {
  for (let draw = 0; draw < PASSWORD_DRAWS_MAX; draw += 1) {
    const bytes = randomBytes(2 * GENERATED_PASSWORD_CHARACTERS);
    const symbols = [...bytes]
      .filter((byte) => byte < FAIR_BYTES)
      .slice(0, GENERATED_PASSWORD_CHARACTERS)
      .map((byte) => SYMBOLS.charAt(byte % SYMBOLS.length));
    if (symbols.length === GENERATED_PASSWORD_CHARACTERS && hasEachKind(symbols)) return symbols.join("");
  }
  throw new RangeError(`No password was found in ${PASSWORD_DRAWS_MAX} draws`);
}

function hasEachKind(symbols: readonly string[]): boolean {
  return KINDS.every((kind) => symbols.some((symbol) => kind.includes(symbol)));
}
