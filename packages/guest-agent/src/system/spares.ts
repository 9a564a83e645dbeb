import { putFile, removeIfThere, spareBeside } from "./steps/files.ts";
import { asStepFailure, explain, type StepContext } from "./steps/step.ts";
import type { RestoreFile, UndoRecord } from "./undo-record.ts";

/** The records with a place for a spare each, where a file is to be restored. */
export function withSpares(records: readonly UndoRecord[], context: StepContext): readonly UndoRecord[] {
  return records.map((record) =>
    record.undo === "restoreFile" ? { ...record, spare: spareBeside(record.path, context) } : record,
  );
}

/**
 * Copies each file beside itself, so that restoring it is to rename the copy: a disk that has become
 * full in the meantime has no room to write it once more. Throws AGENT_STEP_FAILED: what cannot be
 * secured is not to be begun.
 */
export function writeSpares(records: readonly UndoRecord[], context: StepContext): void {
  for (const { path, content, attributes, spare } of sparing(records)) {
    explain(`Cannot write "${path}"`, () => putFile(spare, content, { attributes, context }));
  }
}

/** Removes them once the change is kept. What cannot be removed is logged. */
export function removeSpares(records: readonly UndoRecord[], context: StepContext): void {
  for (const { spare } of sparing(records)) {
    try {
      explain(`Cannot remove "${spare}"`, () => removeIfThere(spare, context));
    } catch (error) {
      context.log?.warn("Could not clear up after a plan", { reason: asStepFailure(error).message });
    }
  }
}

interface Sparing extends RestoreFile {
  readonly spare: string;
}

function sparing(records: readonly UndoRecord[]): readonly Sparing[] {
  return records.flatMap((record) =>
    record.undo === "restoreFile" && record.spare !== undefined ? [{ ...record, spare: record.spare }] : [],
  );
}
