/** What the scenarios in Dom0 tell the machine outside, a line of the console each. */
export type Message =
  | {
      readonly kind: "test";
      readonly name: string;
      readonly isPassed: boolean;
      readonly durationMs: number;
      /** Empty for a test that passed. */
      readonly error: string;
    }
  /** A line of the table that stands at the end of a run. */
  | { readonly kind: "measurement"; readonly what: string; readonly figure: string }
  /** Something that is under way. */
  | { readonly kind: "progress"; readonly text: string }
  /** All tests are done. */
  | { readonly kind: "end" };

const MARK = "@@nova ";

/** The message as a line, with its line break. */
export function encodeMessage(message: Message): string {
  return `${MARK}${JSON.stringify(message)}\n`;
}

/**
 * The message in a line of the console, or undefined when the line is something else. Throws when a
 * message is there and cannot be read, because then a result would be missing.
 */
export function decodeMessage(line: string): Message | undefined {
  const start = line.indexOf(MARK);
  if (start === -1) return undefined;
  try {
    return JSON.parse(line.slice(start + MARK.length)) as Message;
  } catch (error) {
    throw new Error(`The console garbled a message: ${line}`, { cause: error });
  }
}
