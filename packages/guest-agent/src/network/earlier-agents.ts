/** A file without the lines by which earlier agents said that nobody but them should change it. */
export function withoutEarlierHead(text: string): string {
  return text.replace(/^# Automatically generated, do not edit\n+/, "");
}
