import { SystemError } from "../../errors.ts";
import type { RemoveFileStep } from "../../plan.ts";
import { freeBackupName, parentOf, removeIfThere, sweepTemporaries, temporaryBeside } from "./files.ts";
import { type Change, type StepContext, explain } from "./step.ts";

/**
 * Takes a file or link away; of a link, the link itself and not what it names. It is renamed, to its
 * backup or to a temporary name that goes when the plan has succeeded, so that taking it back gives
 * the very same file with all its attributes.
 */
export function removeFile(step: RemoveFileStep, context: StepContext): Change | undefined {
  const { files } = context;
  return explain(`Cannot remove "${step.path}"`, () => {
    const directory = parentOf(step.path);
    // Also without the file: a removal that was killed has left it under its temporary name.
    if (files.status(directory)?.kind === "directory") sweepTemporaries(directory, context);
    const status = files.status(step.path);
    if (status === undefined) return undefined;
    if (status.kind === "directory") throw new SystemError("EISDIR", `"${step.path}" is a directory`);
    const aside = step.backup ? freeBackupName(step.path, context) : temporaryBeside(step.path, context);
    files.rename(step.path, aside);
    const undo = () => explain(`Cannot restore "${step.path}"`, () => files.rename(aside, step.path));
    return step.backup ? { undo } : { undo, keep: () => removeIfThere(aside, context) };
  });
}
