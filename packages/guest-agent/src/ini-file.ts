/**
 * Sections of `key=value` lines, as systemd's units (systemd.syntax(7)) and GLib's key files (Desktop
 * Entry Specification, "Basic format of the file") have them. Reading keeps every line as it stands, so
 * that what belongs to others goes back unchanged.
 */

/** An assignment, or a comment or blank line, which has no key. */
export interface IniEntry {
  readonly key: string;
  readonly value: string;
  /** The lines as they stand; several where a backslash joins them. */
  readonly lines: readonly string[];
}

/** A section; what stands before the first one has no name. */
export interface IniSection {
  readonly name: string;
  readonly entries: readonly IniEntry[];
}

/** Cuts a file into its sections, in order; a name may come several times. */
export function parseIni(text: string): IniSection[] {
  const sections: { name: string; entries: IniEntry[] }[] = [{ name: "", entries: [] }];
  for (const lines of logicalLines(text)) {
    const line = lines.map((part) => part.replace(/\\$/, " ")).join("");
    const header = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) sections.push({ name: header, entries: [] });
    else sections.at(-1)?.entries.push(entryOf(line, lines));
  }
  return sections;
}

/** The file of these sections, one blank line between two of them; those with nothing in them are left out. */
export function renderIni(sections: readonly IniSection[]): string {
  const texts = sections.flatMap(({ name, entries }) => {
    const body = entries
      .flatMap(({ lines }) => lines)
      .join("\n")
      .trim();
    if (body === "") return [];
    return [name === "" ? `${body}\n` : `[${name}]\n${body}\n`];
  });
  return texts.join("\n");
}

/** An assignment. */
export function assign(key: string, value: string | number): IniEntry {
  return { key, value: String(value), lines: [`${key}=${value}`] };
}

/** A comment line, which says `text` behind a number sign. */
export function comment(text: string): IniEntry {
  return { key: "", value: "", lines: [`# ${text}`] };
}

/** The value that a key has at last in the sections of that name. */
export function valueOf(
  sections: readonly IniSection[],
  { section, key }: { readonly section: string; readonly key: string },
): string | undefined {
  const entries = sections.filter(({ name }) => name === section).flatMap((each) => each.entries);
  return entries.findLast((entry) => entry.key === key)?.value;
}

/** What the sections say, without comments and spacing: equal means the same configuration. */
export function meaningOf(sections: readonly IniSection[]): string {
  const lines = sections.flatMap(({ name, entries }) => {
    const assigned = entries.filter(({ key }) => key !== "").map(({ key, value }) => `${key}=${value}`);
    return assigned.length === 0 ? [] : [`[${name}]`, ...assigned];
  });
  return lines.join("\n");
}

function entryOf(line: string, lines: readonly string[]): IniEntry {
  const [, key = "", value = ""] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return { key, value, lines };
}

/** Physical lines, gathered where a backslash at the end joins the next one; comments never join. */
function logicalLines(text: string): string[][] {
  const groups: string[][] = [];
  let isJoined = false;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (isJoined) groups.at(-1)?.push(line);
    else groups.push([line]);
    isJoined = line.endsWith("\\") && !/^\s*[#;]/.test(line);
  }
  return groups;
}
