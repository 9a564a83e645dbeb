/** The commands in the message of a `features` reply: names between commas, blanks and empty ones dropped. */
export function parseFeatures(message: string): readonly string[] {
  const names = message.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}
