/** The only JSON value in a text of one line. */
export function parseLine(text: string): unknown {
  const [line = "", ...rest] = text.split("\n");
  if (rest.length !== 1 || rest[0] !== "") throw new Error(`Not one line: ${JSON.stringify(text)}`);
  return JSON.parse(line);
}
