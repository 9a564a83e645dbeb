import type { MakeLinkStep } from "../../plan.ts";
import { DIRECTORY_MODE, makeDirectories, parentOf } from "./files.ts";
import { explain, type Prepared, type StepContext, stepFailure } from "./step.ts";

/** Brings a symbolic link about, with the directories on the way to it; what its target is does not matter. */
export function makeLink({ path, target }: MakeLinkStep, context: StepContext): Prepared | undefined {
  const { files } = context;
  const failure = `Cannot create the link "${path}"`;
  return explain(failure, () => {
    const status = files.status(path);
    if (status?.kind === "link" && files.readLink(path) === target) return undefined;
    if (status !== undefined) throw stepFailure(`${failure}: something else is there`);
    const create = () => {
      makeDirectories(files.resolve(parentOf(path)), { mode: DIRECTORY_MODE, context });
      files.makeLink(target, path);
    };
    return { undo: [{ undo: "removeFile", path }], touches: [path], act: () => explain(failure, create) };
  });
}
