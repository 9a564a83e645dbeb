import { PASSWORD_MAX_BYTES } from "../limits.ts";

/** How long a password would stand against somebody who tries. */
export type StrengthLevel = "very weak" | "weak" | "fair" | "strong";

export interface Strength {
  readonly level: StrengthLevel;
  /** What makes it weaker than it could be, each a sentence without its full stop. */
  readonly reasons: readonly string[];
}

/** The least of each level, in bits of what has to be guessed. */
const LEVELS: readonly (readonly [leastBits: number, level: StrengthLevel])[] = [
  [70, "strong"],
  [50, "fair"],
  [30, "weak"],
];

/** A word, a row or a year is one of some hundreds that are tried first. */
const PATTERN_BITS = 8;
/** What is at hand for whoever knows the server is worth hardly more than nothing. */
const KNOWN_BITS = 2;
const SHORT_CHARACTERS = 12;
const ROW_LEAST = 3;

const COMMON_WORDS =
  "password passwort passwd passphrase secret geheim administrator admin root server welcome letmein login " +
  "master changeme change default guest user test demo hello hallo dragon monkey football baseball iloveyou " +
  "sunshine princess shadow superman batman trustno summer winter spring autumn love linux debian ubuntu " +
  "windows cloud nova xen rescue system access";
const ROWS =
  "qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop 1234567890 abcdefghijklmnopqrstuvwxyz " +
  "1q2w3e4r5t6z7u8i9o0p 1qaz 2wsx 3edc 4rfv 5tgb 6yhn";

/** Signs that stand for letters. */
const DISGUISES: ReadonlyMap<string, string> = new Map(
  ["0o", "1i", "3e", "4a", "5s", "7t", "@a", "$s", "!i"].map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

/** Kinds of characters, with how many there are of each. */
const KINDS: readonly (readonly [kind: RegExp, size: number])[] = [
  [/[a-z]/u, 26],
  [/[A-Z]/u, 26],
  [/[0-9]/u, 10],
  [/[ -/:-@[-`{-~]/u, 33],
  [/[^ -~]/u, 100],
];

/** Why no guest could take this password; undefined when it can. */
export function passwordProblem(password: string): string | undefined {
  if (password === "") return "Type a password";
  if (/[\n\r\0]/u.test(password)) return "A password cannot hold a line break";
  const bytes = new TextEncoder().encode(password).length;
  return bytes > PASSWORD_MAX_BYTES ? `A guest takes no more than ${PASSWORD_MAX_BYTES} bytes` : undefined;
}

/**
 * Estimates how strong a password is: its characters by their kinds, where each part that is easily guessed
 * counts as one thing. `known` are words that everybody knows of the server, such as its name. The reasons
 * quote nothing of the password: they are in sight, and read out, while it is not.
 */
export function passwordStrength(password: string, known: readonly string[] = []): Strength {
  const parts = findParts(password, known);
  const rest = parts.reduce((text, part) => blank(text, part), password).replaceAll("\0", "");
  // A character that comes again and again is hardly anything new.
  const counted = Math.min(rest.length, 3 * new Set(rest).size);
  const ofParts = parts.reduce((sum, { bits }) => sum + bits, 0);
  const bits = counted * Math.log2(Math.max(poolOf(rest), 2)) + ofParts;
  const level = LEVELS.find(([least]) => bits >= least)?.[1] ?? "very weak";
  const isRepeated = counted < rest.length;
  return { level, reasons: reasonsOf(password, { parts, isRepeated }) };
}

/** A part of a password that is easily guessed. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly bits: number;
  readonly reason: string;
}

function blank(text: string, { from, to }: Part): string {
  return text.slice(0, from) + "\0".repeat(to - from) + text.slice(to);
}

function findParts(password: string, known: readonly string[]): readonly Part[] {
  // Letter by letter, so that places stay what they are.
  const plain = password.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
  const read = plain.replaceAll(/[013457@$!]/gu, (sign) => DISGUISES.get(sign) ?? sign);
  const names = known.map((word) => word.toLowerCase()).filter((word) => word.length >= ROW_LEAST);
  return withoutOverlaps([
    ...names.flatMap((name) =>
      wordIn([plain, read], name, { bits: KNOWN_BITS, reason: "It holds a name that everybody sees" }),
    ),
    ...COMMON_WORDS.split(" ").flatMap((word) =>
      wordIn([plain, read], word, { bits: PATTERN_BITS, reason: "It holds a common word" }),
    ),
    ...rowsIn(plain),
    ...yearsIn(plain),
  ]);
}

function wordIn(
  texts: readonly string[],
  word: string,
  what: Pick<Part, "bits" | "reason">,
): readonly Part[] {
  const places = texts.map((text) => text.indexOf(word)).filter((from) => from !== -1);
  return places.map((from) => ({ from, to: from + word.length, ...what }));
}

function rowsIn(text: string): readonly Part[] {
  const found: Part[] = [];
  let from = 0;
  while (from < text.length) {
    const length = rowAt(text, from);
    const reason = "It holds a row of the alphabet, of numbers or of a keyboard";
    if (length >= ROW_LEAST) found.push({ from, to: from + length, bits: PATTERN_BITS, reason });
    from += Math.max(1, length - 1);
  }
  return found;
}

/** How many characters from here on follow each other in the alphabet, in numbers or on a keyboard. */
function rowAt(text: string, from: number): number {
  const backwards = Array.from(ROWS).toReversed().join("");
  let length = 1;
  const isRow = (row: string): boolean => !row.includes(" ") && `${ROWS} ${backwards}`.includes(row);
  while (from + length < text.length && isRow(text.slice(from, from + length + 1))) length += 1;
  return length;
}

function yearsIn(text: string): readonly Part[] {
  return [...text.matchAll(/(?:19|20)\d\d/gu)].map(({ index, 0: year }) => ({
    from: index,
    to: index + year.length,
    bits: PATTERN_BITS,
    reason: "It holds a year",
  }));
}

/** The longest first, of those the first; what overlaps with one of them says nothing more. */
function withoutOverlaps(found: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  for (const part of found.toSorted((one, other) => other.to - other.from - (one.to - one.from))) {
    if (kept.every(({ from, to }) => part.to <= from || part.from >= to)) kept.push(part);
  }
  return kept;
}

/** Of how many characters each could have been any. */
function poolOf(text: string): number {
  return KINDS.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
}

function reasonsOf(
  password: string,
  { parts, isRepeated }: { readonly parts: readonly Part[]; readonly isRepeated: boolean },
): readonly string[] {
  const kinds = KINDS.filter(([kind]) => kind.test(password)).length;
  const reasons = [
    ...(password.length < SHORT_CHARACTERS ? [`It has less than ${SHORT_CHARACTERS} characters`] : []),
    ...(kinds === 1 && password.length < 2 * SHORT_CHARACTERS ? ["Its characters are of one kind"] : []),
    ...parts.map(({ reason }) => reason),
    ...(isRepeated ? ["It repeats a few characters"] : []),
  ];
  return [...new Set(reasons)];
}
