import { decodeLatin1 } from "./text.ts";

/** The texts of a payload, each ended by a nul. Bytes behind the last nul are no text and are left out. */
export function splitStrings(payload: Uint8Array): string[] {
  const strings: string[] = [];
  let start = 0;
  for (let end = payload.indexOf(0); end >= 0; end = payload.indexOf(0, start)) {
    strings.push(decodeLatin1(payload, start, end));
    start = end + 1;
  }
  return strings;
}

/** The texts, each ended by a nul. */
export function joinStrings(strings: readonly string[]): string {
  return strings.length === 0 ? "" : `${strings.join("\0")}\0`;
}

/** The number that decimal `digits` name, or undefined when they are none or it is over `max`. */
export function parseDecimal(digits: string, max: number): number | undefined {
  if (!/^\d{1,16}$/.test(digits)) return undefined;
  const number = Number(digits);
  return number <= max ? number : undefined;
}
