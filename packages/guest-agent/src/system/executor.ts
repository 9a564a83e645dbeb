import { AgentError, SystemError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type ApplyNetworkStep, type Plan, type SimpleStep, type Step, wipeSecrets } from "../plan.ts";
import { describeErrno } from "./errno.ts";
import { NetworkCheck } from "./network-check.ts";
import { rootFiles } from "./rooted-files.ts";
import { removeFile } from "./steps/remove-file.ts";
import { runPython } from "./steps/run-python.ts";
import { run, whenTakenBack } from "./steps/run.ts";
import { setHostname } from "./steps/set-hostname.ts";
import { setPassword } from "./steps/set-password.ts";
import { type Change, type StepContext, type StepHandler, isLive, stepFailure } from "./steps/step.ts";
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
  /**
   * Whether the guest is booting and its network services have yet to start: what calls on them is left
   * out then and logged, and the network is not checked. No when nothing is said.
   */
  readonly isBeforeNetwork?: boolean;
}

type StepKind = SimpleStep["step"];

// Keyed by kind, so that a kind of step without a handler does not compile.
const handlers: { readonly [Kind in StepKind]: StepHandler<Extract<SimpleStep, { step: Kind }>> } = {
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
  const { system, root, log, isBeforeNetwork = false } = options;
  const files = rootFiles(system.files, root);
  const context: StepContext = { system, root, log, files, isBeforeNetwork };
  const done: Done = { changes: [], checks: [] };
  try {
    for (const step of plan.steps) await carryOut(step, { context, done });
  } catch (error) {
    const losses = await takeBack(done.changes, context);
    throw withReturns(withLosses(asAgentError(error), losses), await describeReturns(done.checks));
  } finally {
    wipeSecrets(plan);
  }
  for (const change of done.changes) keep(change, context);
}

/** What a plan has done so far. */
interface Done {
  readonly changes: Change[];
  readonly checks: NetworkCheck[];
}

interface Execution {
  readonly context: StepContext;
  readonly done: Done;
}

async function carryOut(step: Step, execution: Execution): Promise<void> {
  if (step.step === "applyNetwork") return applyNetwork(step, execution);
  // The table pairs every kind with the handler of that very kind, which the type of a lookup cannot say.
  const handler = handlers[step.step] as StepHandler<SimpleStep>;
  const change = await handler(step, execution.context);
  if (change !== undefined) execution.done.changes.push(change);
}

async function applyNetwork({ interfaces, steps }: ApplyNetworkStep, execution: Execution): Promise<void> {
  const { context, done } = execution;
  const check = isLive(context) && !context.isBeforeNetwork ? await NetworkCheck.begin(interfaces, context) : undefined;
  if (check !== undefined) done.checks.push(check);
  for (const step of steps) await carryOut(step, execution);
  await check?.verify();
}

async function describeReturns(checks: readonly NetworkCheck[]): Promise<readonly string[]> {
  const returns = await Promise.all(checks.map((check) => check.describeReturn()));
  return returns.filter((text) => text !== undefined);
}

function withReturns(error: AgentError, returns: readonly string[]): AgentError {
  if (returns.length === 0) return error;
  return stepFailure(`${error.message}; taken back, ${returns.join(", ")}`, error);
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
