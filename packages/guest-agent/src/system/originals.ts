import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { sha256 } from "../protocol/sha256.ts";
import { contextOf, type ExecuteOptions } from "./context.ts";
import { JOURNAL_MAX_BYTES, REPLACED_FILE_MAX_BYTES } from "./limits.ts";
import { attributesOf, makeDirectories, putFile, removeIfThere, sweepTemporaries } from "./steps/files.ts";
import { explain, isLive, type StepContext } from "./steps/step.ts";
import { performUndos } from "./undo.ts";
import { decodeUndo, encodeUndo, type UndoRecord } from "./undo-record.ts";

/** Files as they were before a change of the network first touched them, one record a file. */
export const ORIGINALS_PATH = "/var/lib/nova-agent/originals";

const HOSTNAME_PATH = "/etc/hostname";

/**
 * Keeps a file as it is, or that there is none, unless that was done before. What is in `/run` does not
 * outlive a start of the guest and is not kept. Throws AGENT_STEP_FAILED: what cannot be kept is not to
 * be touched.
 */
export function keepOriginal(path: string, context: StepContext): void {
  if (path.startsWith("/run/")) return;
  explain(`Cannot keep the original of "${path}"`, () => {
    const place = placeOf(path);
    if (context.files.status(place) !== undefined) return;
    const record = describeFile(path, context);
    if (record === undefined) return;
    makeDirectories(ORIGINALS_PATH, { mode: 0o700, context });
    sweepTemporaries(ORIGINALS_PATH, context);
    putFile(place, encodeUndo(record), { attributes: { mode: 0o600 }, context });
  });
}

/** What became of an `undoAll`. */
export interface UndoneAll {
  /** The files that are again as they were, or away again; sorted. */
  readonly paths: readonly string[];
  /** What could not be taken back, in words. Its original stays where it is. */
  readonly losses: readonly string[];
}

/**
 * Gives the guest back every file that changes of its network and host name have ever touched, as it
 * was before the first of them, and on the running system the host name of that time. The network in the
 * kernel is left alone: it follows when its services, or the guest, are started anew. For
 * `nova-agent undo`; the agent should not be at work, and must be told not to apply the network again.
 */
export async function undoAll(options: ExecuteOptions): Promise<UndoneAll> {
  const context = contextOf(options);
  const paths: string[] = [];
  const losses: string[] = [];
  for (const { place, record } of readOriginals(context)) {
    const lost = await performUndos([record], context);
    losses.push(...lost.map(({ reason }) => reason));
    if (lost.length > 0) continue;
    if ("path" in record) paths.push(record.path);
    removeIfThere(place, context);
  }
  if (paths.includes(HOSTNAME_PATH) && isLive(context)) losses.push(...(await renameHost(context)));
  return { paths: paths.toSorted(), losses };
}

function placeOf(path: string): string {
  const digits = Array.from(sha256(encodeUtf8(path)), (byte) => byte.toString(16).padStart(2, "0"));
  return `${ORIGINALS_PATH}/${digits.join("")}`;
}

/** Undefined for what is no file: a link that is taken away stays beside as its backup. */
function describeFile(path: string, context: StepContext): UndoRecord | undefined {
  const status = context.files.status(path);
  if (status === undefined) return { undo: "removeFile", path };
  if (status.kind !== "file") return undefined;
  const content = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  return { undo: "restoreFile", path, content, attributes: attributesOf(path, status, context) };
}

interface Original {
  readonly place: string;
  readonly record: UndoRecord;
}

function readOriginals(context: StepContext): readonly Original[] {
  const { files, log } = context;
  if (files.status(ORIGINALS_PATH)?.kind !== "directory") return [];
  const places = files.list(ORIGINALS_PATH).map((name) => `${ORIGINALS_PATH}/${name}`);
  return places.flatMap((place) => {
    const record = decodeUndo(files.read(place, JOURNAL_MAX_BYTES));
    if (record === undefined) log?.warn("Passed over what is no original", { path: place });
    return record === undefined ? [] : [{ place, record }];
  });
}

async function renameHost(context: StepContext): Promise<readonly string[]> {
  const { files } = context;
  if (files.status(HOSTNAME_PATH) === undefined) return [];
  const text = decodeUtf8(files.read(HOSTNAME_PATH, REPLACED_FILE_MAX_BYTES)) ?? "";
  const hostname = text.split("\n").find((line) => line !== "" && !line.startsWith("#"));
  if (hostname === undefined) return [];
  const losses = await performUndos([{ undo: "setHostname", hostname }], context);
  return losses.map(({ reason }) => reason);
}
