import { AgentError, SystemError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type Plan, type Step, wipeSecrets } from "../plan.ts";
import { describeErrno } from "./errno.ts";
import { rootFiles } from "./rooted-files.ts";
import { removeFile } from "./steps/remove-file.ts";
import { runPython } from "./steps/run-python.ts";
import { run, whenTakenBack } from "./steps/run.ts";
import { setHostname } from "./steps/set-hostname.ts";
import { setPassword } from "./steps/set-password.ts";
import { type Change, type StepContext, type StepHandler, stepFailure } from "./steps/step.ts";
import { writeFile } from "./steps/write-file.ts";
import type { System } from "./system.ts";

/** Where a plan is carried out. */
export interface ExecuteOptions {
  readonly system: System;
  /**
   * `/` for the running system, or the absolute directory of another one's files: links stay inside it,
   * and what acts on the running system (`run`, `runPython`, `setHostname`) is left out and logged.
   */
  readonly root: string;
  readonly log?: Logger;
}

type StepKind = Step["step"];

// Keyed by kind, so that a kind of step without a handler does not compile.
const handlers: { readonly [Kind in StepKind]: StepHandler<Extract<Step, { step: Kind }>> } = {
  writeFile,
  removeFile,
  run,
  whenTakenBack,
  setHostname,
  setPassword,
  runPython,
};

/**
 * Brings about what a plan says, step by step; what is already so is left alone. When a step fails,
 * the ones before it are taken back, the last first, and AGENT_STEP_FAILED says why: its message is
 * meant for the host and never holds a secret. The plan's secrets are wiped in every case.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<void> {
  const { system, root, log } = options;
  const context: StepContext = { system, root, log, files: rootFiles(system.files, root) };
  const changes: Change[] = [];
  try {
    for (const step of plan.steps) {
      const change = await carryOut(step, context);
      if (change !== undefined) changes.push(change);
    }
  } catch (error) {
    const losses = await takeBack(changes, context);
    throw withLosses(asAgentError(error), losses);
  } finally {
    wipeSecrets(plan);
  }
  for (const change of changes) keep(change, context);
}

async function carryOut(step: Step, context: StepContext): Promise<Change | undefined> {
  // The table pairs every kind with the handler of that very kind, which the type of a lookup cannot say.
  const handler = handlers[step.step] as StepHandler<Step>;
  return await handler(step, context);
}

/** Takes changes back, the last first; returns what could not be, in words. */
async function takeBack(changes: readonly Change[], context: StepContext): Promise<readonly string[]> {
  const losses: string[] = [];
  for (const change of changes.toReversed()) {
    try {
      await change.undo();
    } catch (error) {
      losses.push(asAgentError(error).message);
    }
  }
  if (changes.length > 0) {
    context.log?.warn("Took a failed plan back", { changes: changes.length, losses: losses.join("; ") });
  }
  return losses;
}

function withLosses(error: AgentError, losses: readonly string[]): AgentError {
  if (losses.length === 0) return error;
  return stepFailure(`${error.message}; and when taking back: ${losses.join("; ")}`, error);
}

// Only what the operating system refused is a failed step. Anything else is a fault of the program
// and must not be answered as if it were the guest's.
function asAgentError(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  if (error instanceof SystemError) return stepFailure(describeErrno(error.code), error);
  throw error;
}

function keep(change: Change, context: StepContext): void {
  try {
    change.keep?.();
  } catch (error) {
    // The plan has succeeded; what is left over goes with the next write in that directory.
    context.log?.warn("Could not clear up after a plan", { reason: asAgentError(error).message });
  }
}
