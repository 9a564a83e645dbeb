/**
 * The format of interfaces(5): lines of words, which keywords gather to stanzas. Reading keeps every
 * line as it stands, so that what belongs to others goes back unchanged.
 */

/** A stanza with its option lines, or lines between stanzas: comments and blank ones. */
export interface InterfacesEntry {
  /** `iface`, `auto`, `source` and so on; empty for lines between stanzas. */
  readonly keyword: string;
  /** The words behind the keyword. */
  readonly words: readonly string[];
  /** The option lines' words, each joined by one blank. */
  readonly options: readonly string[];
  /** The lines as they stand, without line feeds. */
  readonly lines: readonly string[];
}

/** Keywords that begin a stanza (interfaces(5), "FILE FORMAT"; `template` of ifupdown-ng, `source-dir` of busybox). */
const stanzaKeyword =
  /^(auto|allow-\S+|iface|mapping|source|source-dir(ectory)?|rename|no-auto-down|no-scripts|template)$/;

/** Cuts a file into entries; all their lines together are the file. */
export function parseInterfaces(text: string): InterfacesEntry[] {
  const entries: InterfacesEntry[] = [];
  // Comments and blank lines belong to a stanza only when another option follows them.
  let between: string[] = [];
  for (const lines of logicalLines(text)) {
    const words = wordsOf(lines);
    const [keyword = ""] = words;
    const last = entries.at(-1);
    if (keyword === "" || keyword.startsWith("#")) {
      between.push(...lines);
    } else if (!stanzaKeyword.test(keyword) && last) {
      const options = [...last.options, words.join(" ")];
      entries[entries.length - 1] = { ...last, options, lines: [...last.lines, ...between, ...lines] };
      between = [];
    } else {
      if (between.length > 0) entries.push(linesBetween(between));
      entries.push({ keyword, words: words.slice(1), options: [], lines });
      between = [];
    }
  }
  if (between.length > 0) entries.push(linesBetween(between));
  return entries;
}

/** One option line of a stanza. */
export interface InterfacesOption {
  readonly words: readonly string[];
  /** Lines of comment between the option before and this one. */
  readonly comments: readonly string[];
  /** The lines as they stand; several where a backslash joins them. */
  readonly lines: readonly string[];
}

/** The option lines of a stanza, with the comments above them. */
export function readOptions({ lines }: InterfacesEntry): InterfacesOption[] {
  const options: InterfacesOption[] = [];
  let comments: string[] = [];
  for (const group of logicalLines(lines.join("\n")).slice(1)) {
    const words = wordsOf(group);
    if (words[0]?.startsWith("#") === true) comments.push(...group.map((line) => line.trim()));
    else if (words.length > 0) {
      options.push({ words, comments, lines: group });
      comments = [];
    }
  }
  return options;
}

/** The file of these entries. */
export function renderInterfaces(entries: readonly InterfacesEntry[]): string {
  const lines = entries.flatMap((entry) => entry.lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** An entry of lines that are no stanza. */
export function linesBetween(lines: readonly string[]): InterfacesEntry {
  return { keyword: "", words: [], options: [], lines };
}

/** Whether the stanza names interfaces of which it says more than how they are configured. */
export function isSelection({ keyword }: InterfacesEntry): boolean {
  return keyword === "auto" || keyword === "mapping" || keyword.startsWith("allow-");
}

/** Physical lines, gathered where a backslash at the end joins the next one; comments never join. */
function logicalLines(text: string): string[][] {
  const groups: string[][] = [];
  let isJoined = false;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const last = groups.at(-1);
    if (isJoined && last) last.push(line);
    else groups.push([line]);
    isJoined = line.endsWith("\\") && (isJoined || !line.trimStart().startsWith("#"));
  }
  return text === "" ? [] : groups;
}

function wordsOf(lines: readonly string[]): string[] {
  const text = lines.map((line) => line.replace(/\\$/, "")).join(" ");
  return text.split(/\s+/).filter((word) => word !== "");
}
