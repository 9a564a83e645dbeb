import { SystemError } from "../../errors.ts";
import type { RemoveFileStep } from "../../plan.ts";
import { REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import type { FileStatus } from "../system.ts";
import {
  attributesOf,
  freeBackupName,
  parentOf,
  removeIfThere,
  sweepTemporaries,
  temporaryBeside,
} from "./files.ts";
import { explain, type Prepared, type StepContext } from "./step.ts";

/**
 * Takes a file or link away; of a link, the link itself and not what it names. With a backup it is
 * renamed, so that taking it back gives the very same file with all its attributes.
 */
export function removeFile(step: RemoveFileStep, context: StepContext): Prepared | undefined {
  const { files } = context;
  const failure = `Cannot remove "${step.path}"`;
  return explain(failure, () => {
    const directory = parentOf(step.path);
    // Also without the file: a removal that was killed has left it under its temporary name.
    if (files.status(directory)?.kind === "directory") sweepTemporaries(directory, context);
    const status = files.status(step.path);
    if (status === undefined) return undefined;
    if (status.kind === "directory") throw new SystemError("EISDIR", `"${step.path}" is a directory`);
    return step.backup || !isSmallFile(status)
      ? moveAside(step, context)
      : takeAway(step, { status, context });
  });
}

/** Whether its content can be held, to be written again. */
function isSmallFile({ kind, sizeBytes }: FileStatus): boolean {
  return kind === "file" && sizeBytes <= REPLACED_FILE_MAX_BYTES;
}

function moveAside({ path, backup }: RemoveFileStep, context: StepContext): Prepared {
  const { files } = context;
  const aside = backup ? freeBackupName(path, context) : temporaryBeside(path, context);
  return {
    undo: [{ undo: "renameBack", from: aside, path }],
    touches: [path],
    act: () => explain(`Cannot remove "${path}"`, () => files.rename(path, aside)),
    end: (isKept) => {
      if (isKept && !backup) removeIfThere(aside, context);
    },
  };
}

interface Present {
  readonly status: FileStatus;
  readonly context: StepContext;
}

// Not aside: another step in this directory clears unfinished files away.
function takeAway({ path }: RemoveFileStep, { status, context }: Present): Prepared {
  const content = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  const attributes = attributesOf(path, status, context);
  return {
    undo: [{ undo: "restoreFile", path, content, attributes }],
    touches: [path],
    act: () => explain(`Cannot remove "${path}"`, () => context.files.remove(path)),
  };
}
