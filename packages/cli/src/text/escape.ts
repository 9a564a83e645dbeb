import { decodeLatin1, decodeUtf8 } from "@nova-agent/xenstore";

// What moves a terminal's cursor, changes its colours or turns the direction of writing: C0, C1, the
// line separators and the bidirectional marks. What a guest writes must not steer the operator's screen.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from outside as it may be shown in one line: what a terminal would obey becomes `\x1b` or `\u202e`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escapeCharacter);
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A node's value in quotes, as one line; bytes that are not UTF-8 become `\xff`. */
export function quoteValue(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  const escaped = text === undefined ? escapeBytes(bytes) : printable(escapeQuotes(text));
  return `"${escaped}"`;
}

/** JSON in one line whose text cannot steer a terminal either. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(unprintable, escapeUnicode);
}

function escapeQuotes(text: string): string {
  return text.replaceAll(/[\\"]/g, (character) => `\\${character}`);
}

function escapeBytes(bytes: Uint8Array): string {
  const ascii = printable(escapeQuotes(decodeLatin1(bytes)));
  return ascii.replaceAll(/[\u0080-\u00ff]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  const code = character.charCodeAt(0);
  return short ?? (code > 0xff ? escapeUnicode(character) : `\\x${code.toString(16).padStart(2, "0")}`);
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
