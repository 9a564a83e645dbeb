/** A line as it may be shown: what comes from outside must not steer the terminal it is shown on. */
export function printable(line: string): string {
  return line.replaceAll(/(?!\t)\p{Cc}/gu, (character) => {
    return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
  });
}

/** The same of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
