import { SystemError } from "../../errors.ts";
import type { WriteFileStep } from "../../plan.ts";
import { REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import type { FileAttributes, FileStatus } from "../system.ts";
import { attributesOf, freeBackupName, parentOf, putFile, removeIfThere, sweepTemporaries } from "./files.ts";
import { type Change, type StepContext, explain, stepFailure } from "./step.ts";

const DIRECTORY_MODE = 0o755;

/**
 * Brings a file about: parents are created, the target of a link is what is replaced, an existing
 * file keeps owner, mode and SELinux label, a new one is the agent's with the step's mode. Directories
 * that were created stay when the step is taken back.
 */
export function writeFile(step: WriteFileStep, context: StepContext): Change | undefined {
  return explain(`Cannot write "${step.path}"`, () => {
    const path = context.files.resolve(step.path);
    const status = context.files.status(path);
    return status === undefined
      ? createFile(path, step, context)
      : replaceFile(path, step, { context, status });
  });
}

function createFile(path: string, step: WriteFileStep, context: StepContext): Change {
  const directory = parentOf(path);
  makeDirectories(directory, context);
  sweepTemporaries(directory, context);
  putFile(path, step.content, { attributes: { mode: step.mode }, context });
  return { undo: () => explain(`Cannot remove "${step.path}"`, () => removeIfThere(path, context)) };
}

function makeDirectories(path: string, context: StepContext): void {
  const status = context.files.status(path);
  if (status?.kind === "directory") return;
  if (status !== undefined) throw new SystemError("ENOTDIR", `"${path}" is no directory`);
  makeDirectories(parentOf(path), context);
  context.files.makeDirectory(path, DIRECTORY_MODE);
}

interface Existing {
  readonly context: StepContext;
  readonly status: FileStatus;
}

function replaceFile(path: string, step: WriteFileStep, { context, status }: Existing): Change | undefined {
  if (status.kind === "directory") throw new SystemError("EISDIR", `"${path}" is a directory`);
  if (status.kind !== "file") throw stepFailure(`Cannot write "${step.path}": is no regular file`);
  const old = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  if (isSame(old, step.content)) return undefined;
  sweepTemporaries(parentOf(path), context);
  const attributes = attributesOf(path, status, context);
  const backup = step.backup ? backUp(path, old, { attributes, context }) : undefined;
  try {
    putFile(path, step.content, { attributes, context });
  } catch (error) {
    if (backup !== undefined) removeIfThere(backup, context);
    throw error;
  }
  return { undo: () => explain(`Cannot restore "${step.path}"`, restore) };

  function restore(): void {
    putFile(path, old, { attributes, context });
    if (backup !== undefined) removeIfThere(backup, context);
  }
}

// A copy and not a rename: the original is never absent. A crash leaves no half backup either.
function backUp(
  path: string,
  old: Uint8Array,
  options: { readonly attributes: FileAttributes; readonly context: StepContext },
): string {
  const backup = freeBackupName(path, options.context);
  putFile(backup, old, options);
  return backup;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
