import { SystemError } from "../errors.ts";
import { JOURNAL_MAX_BYTES } from "./limits.ts";
import { makeDirectories, parentOf, putFile, removeIfThere, sweepTemporaries } from "./steps/files.ts";
import { explain, type StepContext } from "./steps/step.ts";
import { type Loss, performUndos } from "./undo.ts";
import { decodeUndo, encodeUndo, type UndoRecord } from "./undo-record.ts";

/** Records of a plan that has begun and not ended, one a line. */
export const JOURNAL_PATH = "/var/lib/nova-agent/journal";

const LINE_FEED = 0x0a;

/**
 * What takes a plan back, on disk: an agent that is killed in the middle leaves it, and the next one
 * performs it. It is written whole and renamed, so that it is never half a record.
 */
export class Journal {
  readonly #context: StepContext;
  /** Of a plan that was cut off before, and that nobody has taken back yet. */
  readonly #older: Uint8Array;
  #lines: Uint8Array;
  readonly #records: UndoRecord[] = [];

  private constructor(context: StepContext, older: Uint8Array) {
    this.#context = context;
    this.#older = older;
    this.#lines = older;
  }

  /** Begins one; it has no file before there is a record. */
  static begin(context: StepContext): Journal {
    return new Journal(context, readJournal(context) ?? new Uint8Array());
  }

  /** Is durable when it returns. Throws AGENT_STEP_FAILED: what cannot be recorded is not to be begun. */
  add(records: readonly UndoRecord[]): void {
    if (records.length === 0) return;
    const lines = joinLines([this.#lines, ...records.map(encodeUndo)]);
    writeJournal(lines, this.#context);
    this.#lines = lines;
    this.#records.push(...records);
  }

  /** The plan has succeeded: nothing is to be taken back. */
  succeed(): void {
    if (this.#lines.length > 0) removeIfThere(JOURNAL_PATH, this.#context);
  }

  /** The plan has been taken back, but for the losses, which the next start tries again. */
  takenBack(losses: readonly Loss[]): void {
    if (this.#lines.length === this.#older.length) return;
    const left = recordsLeft(this.#records, losses);
    replaceJournal(joinLines([this.#older, ...left.map(encodeUndo)]), this.#context);
  }
}

/**
 * What the next start has to perform again: files that were not restored, and the programs, which read
 * them then. What was taken back is left out, because somebody may change it by hand until then. Where
 * all files are restored nothing is left: a program that failed is run by the network's services when
 * the guest starts, and would otherwise take down what somebody has repaired.
 */
function recordsLeft(records: readonly UndoRecord[], losses: readonly Loss[]): readonly UndoRecord[] {
  const lost = new Set(losses.map(({ record }) => record));
  if (![...lost].some(isOfFile)) return [];
  return records.filter((record) => lost.has(record) || ["run", "restoreNetwork"].includes(record.undo));
}

function isOfFile({ undo }: UndoRecord): boolean {
  return undo === "restoreFile" || undo === "removeFile" || undo === "renameBack";
}

function replaceJournal(lines: Uint8Array, context: StepContext): void {
  if (lines.length === 0) removeIfThere(JOURNAL_PATH, context);
  else writeJournal(lines, context);
}

function writeJournal(lines: Uint8Array, context: StepContext): void {
  explain(`Cannot write "${JOURNAL_PATH}"`, () => {
    const directory = parentOf(JOURNAL_PATH);
    makeDirectories(directory, { mode: 0o755, context });
    sweepTemporaries(directory, context);
    putFile(JOURNAL_PATH, lines, { attributes: { mode: 0o600 }, context });
  });
}

/** Whether a plan was cut off, so that its journal is still there. */
export function hasJournal({ files }: Pick<StepContext, "files">): boolean {
  return files.status(JOURNAL_PATH)?.kind === "file";
}

/**
 * Takes back what a plan that was cut off has done, and removes the journal. What cannot be taken back
 * is logged, and the rest is taken back all the same. Files that could not stay in the journal for the
 * next start.
 */
export async function performJournal(context: StepContext): Promise<void> {
  const lines = readJournal(context);
  if (lines === undefined) return;
  const records = splitLines(lines).flatMap((line) => {
    const record = decodeUndo(line);
    if (record === undefined) context.log?.warn("Passed over a torn record of an earlier change");
    return record === undefined ? [] : [record];
  });
  const losses = await performUndos(records, context);
  const left = recordsLeft(records, losses);
  context.log?.warn("Took back a change that was cut off", {
    records: records.length,
    losses: losses.map(({ reason }) => reason).join("; "),
  });
  replaceJournal(joinLines([new Uint8Array(), ...left.map(encodeUndo)]), context);
}

function readJournal(context: StepContext): Uint8Array | undefined {
  if (!hasJournal(context)) return undefined;
  try {
    return context.files.read(JOURNAL_PATH, JOURNAL_MAX_BYTES);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    context.log?.error("Cannot read the journal of an earlier change", { code: error.code });
    return undefined;
  }
}

function joinLines(parts: readonly Uint8Array[]): Uint8Array {
  const [lines = new Uint8Array(), ...added] = parts;
  const joined = new Uint8Array(added.reduce((sum, line) => sum + line.length + 1, lines.length));
  joined.set(lines);
  let at = lines.length;
  for (const line of added) {
    joined.set(line, at);
    at += line.length + 1;
    joined[at - 1] = LINE_FEED;
  }
  return joined;
}

function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
