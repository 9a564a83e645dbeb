import { DIFF_CELLS_MAX, DIFF_CONTEXT_LINES } from "../limits.ts";

/** One line of a difference: in both, in the old text only, or in the new one only. */
interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** A text before and after, and how the files are called. */
export interface LineDiffOptions {
  readonly oldName: string;
  readonly newName: string;
  readonly oldText: string;
  readonly newText: string;
}

/** The unified difference of two texts (diff(1), "--unified"); empty when they are the same. */
export function renderLineDiff({ oldName, newName, oldText, newText }: LineDiffOptions): string {
  if (oldText === newText) return "";
  const lines = compare(splitLines(oldText), splitLines(newText));
  return [`--- ${oldName}`, `+++ ${newName}`, ...hunksOf(lines), ""].join("\n");
}

// diff(1) tells of a missing last line feed on a line of its own; with it the two lines differ.
function splitLines(text: string): string[] {
  if (text === "") return [];
  if (text.endsWith("\n")) return text.slice(0, -1).split("\n");
  return `${text}\n\\ No newline at end of file`.split(/\n(?!\\ No newline at end of file$)/);
}

function compare(old: readonly string[], wanted: readonly string[]): Line[] {
  let start = 0;
  while (start < Math.min(old.length, wanted.length) && old[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, wanted.length) - start && old.at(-1 - end) === wanted.at(-1 - end))
    end += 1;
  return [
    ...marked(" ", old.slice(0, start)),
    ...compareMiddle(old.slice(start, old.length - end), wanted.slice(start, wanted.length - end)),
    ...marked(" ", old.slice(old.length - end)),
  ];
}

/** By the longest common subsequence; texts too large for its table are shown as wholly different. */
function compareMiddle(old: readonly string[], wanted: readonly string[]): Line[] {
  if (old.length * wanted.length > DIFF_CELLS_MAX) return [...marked("-", old), ...marked("+", wanted)];
  const common = commonLengths(old, wanted);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < wanted.length) {
    const [left, right] = [old[i], wanted[j]];
    if (left !== undefined && left === right) {
      lines.push({ mark: " ", text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1)) {
      lines.push({ mark: "-", text: left });
      i += 1;
    } else {
      lines.push({ mark: "+", text: right ?? "" });
      j += 1;
    }
  }
  return lines;
}

/** Row by row how many lines two ends of the texts have in common. */
function commonLengths(old: readonly string[], wanted: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint32Array(wanted.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = wanted.length - 1; j >= 0; j -= 1) {
      const length =
        old[i] === wanted[j]
          ? lengthAt(rows, i + 1, j + 1) + 1
          : Math.max(lengthAt(rows, i + 1, j), lengthAt(rows, i, j + 1));
      rows[i]?.set([length], j);
    }
  }
  return rows;
}

// Behind the last new line nothing is in common, so that old lines go first there.
function lengthAt(rows: readonly Uint32Array[], i: number, j: number): number {
  return rows[i]?.[j] ?? -1;
}

function marked(mark: Line["mark"], texts: readonly string[]): Line[] {
  return texts.map((text) => ({ mark, text }));
}

/** The changed lines with some around them, a head before each part. */
function hunksOf(lines: readonly Line[]): string[] {
  const isShown = lines.map((_line, index) =>
    lines
      .slice(Math.max(index - DIFF_CONTEXT_LINES, 0), index + DIFF_CONTEXT_LINES + 1)
      .some(({ mark }) => mark !== " "),
  );
  const output: string[] = [];
  const at = { old: 1, wanted: 1 };
  for (const [index, line] of lines.entries()) {
    if (isShown[index] === true) {
      if (isShown[index - 1] !== true) output.push(headOf(lines.slice(index, endOf(isShown, index)), at));
      output.push(`${line.mark}${line.text}`);
    }
    if (line.mark !== "+") at.old += 1;
    if (line.mark !== "-") at.wanted += 1;
  }
  return output;
}

function endOf(isShown: readonly boolean[], from: number): number {
  const end = isShown.indexOf(false, from);
  return end < 0 ? isShown.length : end;
}

function headOf(lines: readonly Line[], at: { readonly old: number; readonly wanted: number }): string {
  const old = lines.filter(({ mark }) => mark !== "+").length;
  const wanted = lines.filter(({ mark }) => mark !== "-").length;
  return `@@ -${range(at.old, old)} +${range(at.wanted, wanted)} @@`;
}

// An empty part is told by the line before it (diff(1)).
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}
