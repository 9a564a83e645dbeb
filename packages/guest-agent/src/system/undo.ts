import { putNetworkBack } from "./kept-network.ts";
import { REPLACED_FILE_MAX_BYTES } from "./limits.ts";
import { attributesOf, parentOf, putFile, removeIfThere, sweepTemporaries } from "./steps/files.ts";
import { runHostname, runProgram } from "./steps/program.ts";
import { asStepFailure, explain, isLive, type StepContext } from "./steps/step.ts";
import type { RenameBack, RestoreFile, RunBack, UndoRecord } from "./undo-record.ts";

/** What could not be taken back. */
export interface Loss {
  readonly record: UndoRecord;
  /** In words. */
  readonly reason: string;
}

/** Takes steps back, the last first; returns what could not be. */
export async function performUndos(
  records: readonly UndoRecord[],
  context: StepContext,
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for (const record of records.toReversed()) {
    try {
      await performUndo(record, context);
    } catch (error) {
      losses.push({ record, reason: asStepFailure(error).message });
    }
  }
  return losses;
}

async function performUndo(record: UndoRecord, context: StepContext): Promise<void> {
  switch (record.undo) {
    case "restoreFile":
      return explain(`Cannot restore "${record.path}"`, () => restoreFile(record, context));
    case "removeFile":
      return explain(`Cannot remove "${record.path}"`, () => removeIfThere(record.path, context));
    case "renameBack":
      return explain(`Cannot restore "${record.path}"`, () => renameBack(record, context));
    case "run":
      return runBack(record, context);
    case "restoreNetwork":
      return putNetworkBack(record, context);
    case "setHostname":
      if (isLive(context)) await runHostname([record.hostname], context);
  }
}

function restoreFile(record: RestoreFile, context: StepContext): void {
  const { path, content, attributes, spare } = record;
  sweepTemporaries(parentOf(path), context);
  // On a full disk, what was not even begun need not be written again.
  if (!isSo(record, context)) {
    if (spare !== undefined && isSo({ ...record, path: spare }, context)) context.files.rename(spare, path);
    else putFile(path, content, { attributes, context });
  }
  if (spare !== undefined) removeIfThere(spare, context);
}

function isSo({ path, content, attributes }: RestoreFile, context: StepContext): boolean {
  const status = context.files.status(path);
  if (status?.kind !== "file" || status.sizeBytes !== content.length) return false;
  const now = attributesOf(path, status, context);
  const isSame =
    now.mode === attributes.mode &&
    now.uid === attributes.uid &&
    now.gid === attributes.gid &&
    now.label === attributes.label;
  if (!isSame) return false;
  const present = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  return present.every((byte, index) => byte === content[index]);
}

function renameBack({ from, path }: RenameBack, { files }: StepContext): void {
  if (files.status(from) !== undefined) files.rename(from, path);
}

async function runBack({ argv, timeoutMs }: RunBack, context: StepContext): Promise<void> {
  if (!isLive(context) || context.isBeforeNetwork) return;
  await runProgram({ argv, timeoutMs }, { failure: `Cannot take back by ${argv[0]}`, context });
}
