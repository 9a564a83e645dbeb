/**
 * Configuration files that a shell reads: lines of `NAME=value`, among comments and whatever else a
 * shell takes. Reading keeps every line as it stands, so that what belongs to others goes back
 * unchanged.
 */

/** One assignment with the lines it takes, or one line that is none. */
export interface ShellEntry {
  /** Undefined for comments, blank lines, and what is more than an assignment. */
  readonly name: string | undefined;
  /** The value without its quotes: one, or the elements of an array. Nothing in it is expanded. */
  readonly values: readonly string[];
  /** The lines as they stand, without line feeds. */
  readonly lines: readonly string[];
}

/** How a line begins that says which network the assignments below it are of. */
export const LABEL_COMMENT = "# Label ";

/**
 * The line above what the host wants and may take back, where a user could have set the same: what
 * stands below it goes once the host no longer names it.
 */
export const HOST_COMMENT = "# Set by nova-agent as long as the host names it";

/** An indented assignment may be all there is in a condition, which must not be left empty. */
const assignment = /^([A-Za-z_]\w*)\+?=/;

/** Cuts a file into entries; all their lines together are the file. */
export function parseShellFile(text: string): ShellEntry[] {
  const entries: ShellEntry[] = [];
  for (let at = 0; at < text.length;) {
    const [head = "", name] = assignment.exec(text.slice(at, lineEnd(text, at))) ?? [];
    const value = name === undefined ? undefined : readValue(text, at + head.length);
    const end = lineEnd(text, value?.end ?? at);
    // A line feed that a backslash takes away may be the file's last.
    const lines = (end < text.length ? text.slice(at, end) : text.slice(at).replace(/\n$/, "")).split("\n");
    entries.push(
      value && isRestEmpty(text.slice(value.end, end))
        ? { name, values: value.words, lines }
        : { name: undefined, values: [], lines },
    );
    at = end + 1;
  }
  return entries;
}

/** The values of every assigned name; the last assignment counts. */
export function readAssignments(text: string): ReadonlyMap<string, readonly string[]> {
  const assigned = parseShellFile(text).filter(({ name }) => name !== undefined);
  return new Map(assigned.map(({ name = "", values }) => [name, values]));
}

/** The names of the assignments that are the host's. */
export function hostNames(text: string): ReadonlySet<string> {
  const entries = parseShellFile(text);
  return new Set(entries.flatMap(({ name }, index) => (isHosts(entries, index) ? (name ?? []) : [])));
}

function isHosts(entries: readonly ShellEntry[], index: number): boolean {
  return entries[index - 1]?.lines[0] === HOST_COMMENT;
}

/** The file with the mark above the last assignment of this name. */
export function markHosts(text: string, name: string): string {
  const entries = parseShellFile(text);
  const at = entries.findLastIndex((entry) => entry.name === name);
  if (at < 0 || isHosts(entries, at)) return text;
  return textOf(entries.toSpliced(at, 0, { name: undefined, values: [], lines: [HOST_COMMENT] }));
}

/** The file without the mark above the assignments of this name. */
export function unmarkHosts(text: string, name: string): string {
  const entries = parseShellFile(text);
  return textOf(
    entries.filter((_entry, index) => entries[index + 1]?.name !== name || !isHosts(entries, index + 1)),
  );
}

function textOf(entries: readonly ShellEntry[]): string {
  return `${entries.flatMap(({ lines }) => lines).join("\n")}\n`;
}

/**
 * The file without the assignments that `drops` names, and with `lines` at its end, where nothing
 * above them can change what they say.
 */
export function replaceAssignments(
  text: string,
  { drops, lines }: { readonly drops: (name: string) => boolean; readonly lines: readonly string[] },
): string {
  const kept: string[] = [];
  for (const entry of parseShellFile(text)) {
    if (entry.name === undefined || !drops(entry.name)) kept.push(...entry.lines);
    else dropLabels(kept);
  }
  while (kept.at(-1)?.trim() === "") kept.pop();
  const gap = kept.length > 0 && lines.length > 0 ? [""] : [];
  return [...kept, ...gap, ...lines, ""].join("\n");
}

/** The file with this assignment where the last one of its name stood, else at the end; all else stays. */
export function setAssignment(text: string, name: string, value: string): string {
  const entries = parseShellFile(text);
  const at = entries.findLastIndex((entry) => entry.name === name);
  const own = { name, values: [value], lines: [`${name}=${value}`] };
  return textOf(at < 0 ? [...entries, own] : entries.with(at, own));
}

/** Takes away the lines that named the network of the assignment below them, or the host as its owner. */
function dropLabels(lines: string[]): void {
  const last = lines.findLastIndex((line) => !line.startsWith(LABEL_COMMENT) && line !== HOST_COMMENT);
  lines.length = last + 1;
}

/** The name of an interface in a variable's name, where all but letters and digits stands as `_`. */
export function shellName(interfaceName: string): string {
  return interfaceName.replaceAll(/[^A-Za-z0-9_]/g, "_");
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function isRestEmpty(rest: string): boolean {
  return /^\s*;?\s*(#.*)?$/.test(rest);
}

interface Value {
  readonly words: readonly string[];
  readonly end: number;
}

/** Undefined when the value has no end, which is no assignment to a shell either. */
function readValue(text: string, start: number): Value | undefined {
  if (text[start] !== "(") {
    const value = readWord(text, start);
    return value && { words: [value.word], end: value.end };
  }
  const words: string[] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== ")") {
    if (text[at] === "#") at = lineEnd(text, at);
    else if (/\s/.test(text[at] ?? "")) at += 1;
    else {
      const value = readWord(text, at);
      if (value === undefined) return undefined;
      words.push(value.word);
      // What no word begins with is none of ours; one step keeps the loop going.
      at = Math.max(value.end, at + 1);
    }
  }
  return at < text.length ? { words, end: at + 1 } : undefined;
}

interface Word {
  readonly word: string;
  readonly end: number;
}

/** One word as sh(1) quotes it ("Quoting"), from `start` to the blank or operator that ends it. */
function readWord(text: string, start: number): Word | undefined {
  let word = "";
  let at = start;
  while (at < text.length && !/[\s;&|()<>]/.test(text[at] ?? "")) {
    const character = text[at];
    if (character === "'" || character === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return undefined;
      word += quoted.word;
      at = quoted.end;
    } else if (character === "\\") {
      word += text[at + 1] === "\n" ? "" : (text[at + 1] ?? "");
      at += 2;
    } else {
      word += character;
      at += 1;
    }
  }
  return { word, end: Math.min(at, text.length) };
}

function readQuoted(text: string, start: number): Word | undefined {
  const pattern = text[start] === "'" ? /'([^']*)'/y : /"((?:[^"\\]|\\[^])*)"/y;
  pattern.lastIndex = start;
  const [whole, inner = ""] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const word = text[start] === "'" ? inner : inner.replaceAll(/\\([$`"\\\n])/g, unescape);
  return { word, end: start + whole.length };
}

function unescape(_whole: string, character: string): string {
  return character === "\n" ? "" : character;
}
