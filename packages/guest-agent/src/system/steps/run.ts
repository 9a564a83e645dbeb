import { SystemError } from "../../errors.ts";
import type { RunStep, WhenTakenBackStep } from "../../plan.ts";
import { runProgram } from "./program.ts";
import { asStepFailure, type Prepared, type StepContext, isLive } from "./step.ts";

/**
 * Runs a program on the live system; under another root nothing runs, for it would act on the wrong one.
 * Before the network's services have started, only what needs none of them runs: to call on one that
 * waits for the agent would last until the limit of time. One that is slow then is no reason to take the
 * files back, for the guest would come up without its network.
 */
export function run(step: RunStep, context: StepContext): Prepared | undefined {
  const { argv, undo, timeoutMs, failure, needsNoService = false } = step;
  if (!isLive(context)) {
    context.log?.info("Program not run under another root", { program: argv[0], root: context.root });
    return undefined;
  }
  if (context.isBeforeNetwork && !needsNoService) {
    context.log?.debug("Program not run before the network's services", { program: argv[0] });
    return undefined;
  }
  const act = async () => {
    try {
      await runProgram({ argv, timeoutMs }, { failure, context });
    } catch (error) {
      if (!context.isBeforeNetwork || !isTimeout(error)) throw error;
      context.log?.warn("Went on without a program", { reason: asStepFailure(error).message });
    }
  };
  return { undo: undo === undefined ? [] : [{ undo: "run", argv: undo, timeoutMs }], act };
}

function isTimeout(error: unknown): boolean {
  const { cause } = asStepFailure(error);
  // ETIME where the limit of the whole plan cut its own short.
  return cause instanceof SystemError && (cause.code === "ETIMEDOUT" || cause.code === "ETIME");
}

/** Runs nothing yet; under another root, or before the network's services, nothing when taken back either. */
export function whenTakenBack(
  { argv, timeoutMs }: WhenTakenBackStep,
  context: StepContext,
): Prepared | undefined {
  if (!isLive(context) || context.isBeforeNetwork) return undefined;
  return { undo: [{ undo: "run", argv, timeoutMs }], act: () => {} };
}
