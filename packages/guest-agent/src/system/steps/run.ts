import type { RunStep } from "../../plan.ts";
import { runProgram } from "./program.ts";
import { type Change, type StepContext, isLive } from "./step.ts";

/** Runs a program on the live system; under another root nothing runs, for it would act on the wrong one. */
export async function run(step: RunStep, context: StepContext): Promise<Change | undefined> {
  const { argv, undo, timeoutMs, failure } = step;
  if (!isLive(context)) {
    context.log?.info("Program not run under another root", { program: argv[0], root: context.root });
    return undefined;
  }
  await runProgram({ argv, timeoutMs }, { failure, context });
  if (undo === undefined) return undefined;
  return {
    undo: async () => {
      await runProgram({ argv: undo, timeoutMs }, { failure: `Cannot take back ${argv[0]}`, context });
    },
  };
}
