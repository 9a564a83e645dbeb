import { SystemError } from "../../errors.ts";
import type { WriteFileStep } from "../../plan.ts";
import { REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import type { FileStatus } from "../system.ts";
import type { UndoRecord } from "../undo-record.ts";
import {
  attributesOf,
  DIRECTORY_MODE,
  freeBackupName,
  makeDirectories,
  parentOf,
  putFile,
  sweepTemporaries,
} from "./files.ts";
import { explain, type Prepared, type StepContext, stepFailure } from "./step.ts";

/**
 * Brings a file about: parents are created, the target of a link is what is replaced, an existing
 * file keeps owner, mode and SELinux label, a new one is the agent's with the step's mode. Directories
 * that were created stay when the step is taken back.
 */
export function writeFile(step: WriteFileStep, context: StepContext): Prepared | undefined {
  return explain(failureOf(step), () => {
    const path = context.files.resolve(step.path);
    const status = context.files.status(path);
    return status === undefined
      ? createFile(path, step, context)
      : replaceFile(path, step, { context, status });
  });
}

function failureOf({ path }: WriteFileStep): string {
  return `Cannot write "${path}"`;
}

function createFile(path: string, step: WriteFileStep, context: StepContext): Prepared {
  const create = () => {
    const directory = parentOf(path);
    makeDirectories(directory, { mode: DIRECTORY_MODE, context });
    sweepTemporaries(directory, context);
    putFile(path, step.content, { attributes: { mode: step.mode }, context });
  };
  return {
    undo: [{ undo: "removeFile", path }],
    touches: [path],
    act: () => explain(failureOf(step), create),
  };
}

interface Existing {
  readonly context: StepContext;
  readonly status: FileStatus;
}

function replaceFile(path: string, step: WriteFileStep, { context, status }: Existing): Prepared | undefined {
  if (status.kind === "directory") throw new SystemError("EISDIR", `"${path}" is a directory`);
  if (status.kind !== "file") throw stepFailure(`${failureOf(step)}: is no regular file`);
  const old = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  if (isSame(old, step.content)) return undefined;
  const attributes = attributesOf(path, status, context);
  const backup = step.backup ? freeBackupName(path, context) : undefined;
  const replace = () => {
    sweepTemporaries(parentOf(path), context);
    // A copy and not a rename: the original is never absent. A crash leaves no half backup either.
    if (backup !== undefined) putFile(backup, old, { attributes, context });
    putFile(path, step.content, { attributes, context });
  };
  const restored: UndoRecord = { undo: "restoreFile", path, content: old, attributes };
  return {
    undo: backup === undefined ? [restored] : [{ undo: "removeFile", path: backup }, restored],
    touches: [path],
    act: () => explain(failureOf(step), replace),
  };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
