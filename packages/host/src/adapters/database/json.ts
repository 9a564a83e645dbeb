const REPLACEMENT = "\uFFFD";

/** A character that JSON.stringify escaped, with its code where that is what it is escaped by. */
const ESCAPED = /\\(?:u(?<code>[0-9a-f]{4})|.)/g;

/** Text as PostgreSQL takes it: what Unicode has no character for, and NUL, are replaced by U+FFFD. */
export function storableText(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8").replaceAll("\0", REPLACEMENT);
}

/** A value for a column of type jsonb, which refuses the same characters as text does. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPED, (escape: string, code: string | undefined) =>
    code === "0000" || code?.startsWith("d") === true ? REPLACEMENT : escape,
  );
}
