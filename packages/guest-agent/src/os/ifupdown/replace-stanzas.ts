import {
  type InterfacesEntry,
  isSelection,
  linesBetween,
  parseInterfaces,
  renderInterfaces,
} from "./interfaces-file.ts";
import { LABEL_COMMENT } from "./render.ts";

/** The interface that a logical name is of: `eth0:1` is an alias of `eth0`; `eth0.5` is one of its own. */
export function baseName(name: string): string {
  return name.split(":")[0] ?? name;
}

/** The logical names of an interface's `iface` stanzas, each once, in order. */
export function logicalNames(text: string, name: string): string[] {
  const stanzas = parseInterfaces(text).filter((entry) => isInterfaceOf(entry, [name]));
  return [...new Set(stanzas.map((entry) => entry.words[0] ?? name))];
}

/** The interfaces whose stanzas stand behind a label: an agent has written them, for VIFs of the guest. */
export function labelledNames(text: string): string[] {
  const entries = parseInterfaces(text);
  const behind = entries.filter((_entry, index) => {
    const before = entries[index - 1];
    return before?.keyword === "" && before.lines.at(-1)?.startsWith(LABEL_COMMENT) === true;
  });
  return [...new Set(behind.map((entry) => baseName(entry.words[0] ?? "")))];
}

/** What a file says of an interface, without comments and spacing: equal means the same configuration. */
export function meaningOf(text: string, name: string): string {
  const lines = parseInterfaces(text).flatMap((entry) => {
    if (isSelection(entry)) return namesOf(entry, [name]).map((own) => `${entry.keyword} ${own}`);
    return isInterfaceOf(entry, [name]) ? [entry.words.join(" "), ...entry.options] : [];
  });
  return lines.join("\n");
}

/**
 * The file with the stanzas of the interfaces that `stanzas` names replaced, where the first of them
 * stood, else at the end when `appends`; an empty text takes them out. Everything else stays as it is.
 */
export function replaceStanzas(
  text: string,
  options: { readonly stanzas: ReadonlyMap<string, string>; readonly appends: boolean },
): string {
  const names = [...options.stanzas.keys()];
  const pending = new Map(
    options.appends ? [...options.stanzas].filter(([, stanzas]) => stanzas !== "") : [],
  );
  const output: InterfacesEntry[] = [];
  let isGap = false;
  for (const entry of parseInterfaces(text)) {
    const kept = withoutNames(entry, names);
    if (kept === entry) {
      output.push(...(isGap ? closeGap(output, entry) : [entry]));
    } else {
      dropLabel(output);
      if (kept) output.push(kept);
      else for (const name of namesOf(entry, names)) place(output, pending, baseName(name));
    }
    isGap = kept === undefined;
  }
  for (const name of pending.keys()) {
    // A comment at the end of the file is not about what is added behind it.
    if (output.length > 0 && !endsBlank(output)) output.push(linesBetween([""]));
    place(output, pending, name);
  }
  return renderInterfaces(output);
}

/** Puts an interface's stanzas into the output, once. */
function place(output: InterfacesEntry[], pending: Map<string, string>, name: string): void {
  const stanzas = pending.get(name);
  if (stanzas === undefined) return;
  pending.delete(name);
  if (!endsOpen(output)) output.push(linesBetween([""]));
  output.push(linesBetween(stanzas.split("\n")));
}

/** The entry, or what is left of it without these interfaces, or undefined when nothing is. */
function withoutNames(entry: InterfacesEntry, names: readonly string[]): InterfacesEntry | undefined {
  const own = namesOf(entry, names);
  if (own.length === 0) return entry;
  const words = entry.words.filter((word) => !own.includes(word));
  if (!isSelection(entry) || words.length === 0) return undefined;
  const options = entry.options.map((option) => `    ${option}`);
  return { ...entry, words, lines: [[entry.keyword, ...words].join(" "), ...options] };
}

/** Which of an entry's words name these interfaces or their aliases, as far as stanzas replace them. */
function namesOf(entry: InterfacesEntry, names: readonly string[]): readonly string[] {
  if (!isSelection(entry)) return isInterfaceOf(entry, names) ? entry.words.slice(0, 1) : [];
  // `allow-hotplug` besides `auto` is the administrator's; its line for an alias would be left alone.
  const isKept = (word: string) =>
    entry.keyword.startsWith("allow-") && entry.keyword !== "allow-auto" && baseName(word) === word;
  return entry.words.filter((word) => names.includes(baseName(word)) && !isKept(word));
}

function isInterfaceOf(entry: InterfacesEntry, names: readonly string[]): boolean {
  return entry.keyword === "iface" && names.includes(baseName(entry.words[0] ?? ""));
}

/** Takes away the lines that named the network of the stanza behind them. */
function dropLabel(output: InterfacesEntry[]): void {
  const last = output.at(-1);
  if (last?.keyword !== "") return;
  const kept = last.lines.slice(0, last.lines.findLastIndex((line) => !line.startsWith(LABEL_COMMENT)) + 1);
  output.pop();
  if (kept.length > 0) output.push(linesBetween(kept));
}

/** The entry behind something that was taken out, without the blank lines that would stand there twice. */
function closeGap(output: readonly InterfacesEntry[], entry: InterfacesEntry): InterfacesEntry[] {
  if (entry.keyword !== "" || (output.length > 0 && !endsBlank(output))) return [entry];
  const start = entry.lines.findIndex((line) => line.trim() !== "");
  return start < 0 ? [] : [linesBetween(entry.lines.slice(start))];
}

/** Whether a stanza may follow at once: at the beginning, behind a blank line, behind its own comment. */
function endsOpen(output: readonly InterfacesEntry[]): boolean {
  return output.length === 0 || endsBlank(output) || output.at(-1)?.lines.at(-1)?.startsWith("#") === true;
}

function endsBlank(output: readonly InterfacesEntry[]): boolean {
  return output.at(-1)?.lines.at(-1)?.trim() === "";
}
