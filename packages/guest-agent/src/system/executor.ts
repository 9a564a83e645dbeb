import type { AgentError } from "../errors.ts";
import { type ApplyNetworkStep, type Plan, type SimpleStep, type Step, wipeSecrets } from "../plan.ts";
import { contextOf, type ExecuteOptions } from "./context.ts";
import { keepNetwork } from "./kept-network.ts";
import { Journal, performJournal } from "./journal.ts";
import { PLAN_LIMIT_MS, TAKE_BACK_LIMIT_MS, TAKE_BACK_SHARE } from "./limits.ts";
import { NetworkCheck, warnOfForeign } from "./network-check.ts";
import { keepOriginal } from "./originals.ts";
import { removeSpares, withSpares, writeSpares } from "./spares.ts";
import { makeLink } from "./steps/make-link.ts";
import { removeFile } from "./steps/remove-file.ts";
import { resetPassword } from "./steps/reset-password.ts";
import { runPython } from "./steps/run-python.ts";
import { run, whenTakenBack } from "./steps/run.ts";
import { setHostname } from "./steps/set-hostname.ts";
import { setPassword } from "./steps/set-password.ts";
import {
  asStepFailure,
  isLive,
  type Prepared,
  type StepContext,
  stepFailure,
  type StepHandler,
} from "./steps/step.ts";
import { writeFile } from "./steps/write-file.ts";
import { performUndos } from "./undo.ts";
import type { UndoRecord } from "./undo-record.ts";

export type { ExecuteOptions } from "./context.ts";

type StepKind = SimpleStep["step"];

// Keyed by kind, so that a kind of step without a handler does not compile.
const handlers: { readonly [Kind in StepKind]: StepHandler<Extract<SimpleStep, { step: Kind }>> } = {
  writeFile,
  removeFile,
  makeLink,
  run,
  whenTakenBack,
  setHostname,
  setPassword,
  resetPassword,
  runPython,
};

/** A plan on its way: what it has done, and what takes that back. */
interface Execution {
  readonly context: StepContext;
  /** Of a plan that is recorded. */
  readonly journal: Journal | undefined;
  readonly undo: UndoRecord[];
  readonly begun: Prepared[];
  readonly checks: NetworkCheck[];
}

/**
 * Brings about what a plan says, step by step; what is already so is left alone. When a step fails, it
 * and the ones before it are taken back, the last first, and AGENT_STEP_FAILED says why: its message is
 * meant for the host and never holds a secret. The plan's secrets are wiped in every case.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<void> {
  const isRecorded = plan.isRecorded ?? false;
  const context = contextOf(options, isRecorded ? { limitMs: PLAN_LIMIT_MS, share: 1 } : undefined);
  const journal = isRecorded ? Journal.begin(context) : undefined;
  const execution: Execution = { context, journal, undo: [], begun: [], checks: [] };
  let isKept = false;
  try {
    for (const step of plan.steps) await carryOut(step, execution);
    // Before the journal goes: what is left of them then belongs to nobody.
    removeSpares(execution.undo, context);
    journal?.succeed();
    isKept = true;
    warnOfForeign(plan.foreign ?? [], context.log);
  } catch (error) {
    throw await takeBack({ error, execution, options });
  } finally {
    wipeSecrets(plan);
    for (const prepared of execution.begun) end(prepared, { isKept, context });
  }
}

/**
 * Takes back what a plan that was cut off, by a kill or a crash, has done; nothing where all plans have
 * ended. To be called before anything else is done with the guest.
 */
export async function recover(options: ExecuteOptions): Promise<void> {
  await performJournal(contextOf(options, { limitMs: TAKE_BACK_LIMIT_MS, share: TAKE_BACK_SHARE }));
}

async function carryOut(step: Step, execution: Execution): Promise<void> {
  if (step.step === "applyNetwork") return applyNetwork(step, execution);
  const { context, journal } = execution;
  // The table pairs every kind with the handler of that very kind, which the type of a lookup cannot say.
  const handler = handlers[step.step] as StepHandler<SimpleStep>;
  const prepared = await handler(step, context);
  if (prepared === undefined) return;
  execution.begun.push(prepared);
  if (journal !== undefined) for (const path of prepared.touches ?? []) keepOriginal(path, context);
  const records = journal === undefined ? prepared.undo : withSpares(prepared.undo, context);
  record(records, execution);
  writeSpares(records, context);
  await prepared.act();
}

/** Writes down what takes back what is about to be done. */
function record(records: readonly UndoRecord[], { journal, undo }: Execution): void {
  journal?.add(records);
  undo.push(...records);
}

async function applyNetwork(step: ApplyNetworkStep, execution: Execution): Promise<void> {
  const { interfaces, bystanders = [], steps } = step;
  const { context, checks } = execution;
  const isChecked = isLive(context) && !context.isBeforeNetwork;
  const check = isChecked ? await NetworkCheck.begin({ interfaces, bystanders, context }) : undefined;
  if (check !== undefined) checks.push(check);
  const names = [...interfaces.map(({ name }) => name), ...bystanders];
  const kept = isChecked ? await keepNetwork(names, context) : undefined;
  // The first of the records, so that it is the last to be performed: managers have done theirs then.
  if (kept !== undefined) record([kept], execution);
  for (const each of steps) await carryOut(each, execution);
  await check?.verify();
}

interface Failed {
  readonly error: unknown;
  readonly execution: Execution;
  readonly options: ExecuteOptions;
}

/** Takes all back; returns what is to be thrown. */
async function takeBack({ error, execution, options }: Failed): Promise<unknown> {
  const { journal, undo, checks } = execution;
  const isRecorded = journal !== undefined;
  const limit = { limitMs: TAKE_BACK_LIMIT_MS, share: TAKE_BACK_SHARE };
  const context = contextOf(options, isRecorded ? limit : undefined);
  const lost = await performUndos(undo, context);
  const losses = lost.map(({ reason }) => reason);
  try {
    journal?.takenBack(lost);
  } catch (failure) {
    losses.push(asStepFailure(failure).message);
  }
  if (undo.length > 0) {
    context.log?.warn("Took a failed plan back", { records: undo.length, losses: losses.join("; ") });
  }
  const returns = await Promise.all(checks.map((check) => check.describeReturn(context)));
  return withEndings(asStepFailure(error), { losses, returns: returns.filter((text) => text !== undefined) });
}

interface Endings {
  readonly losses: readonly string[];
  readonly returns: readonly string[];
}

function withEndings(error: AgentError, { losses, returns }: Endings): AgentError {
  if (losses.length === 0 && returns.length === 0) return error;
  const lost = losses.length === 0 ? "" : `; and when taking back: ${losses.join("; ")}`;
  const returned = returns.length === 0 ? "" : `; taken back, ${returns.join(", ")}`;
  return stepFailure(error.message + lost + returned, error);
}

interface Ending {
  readonly isKept: boolean;
  readonly context: StepContext;
}

function end(prepared: Prepared, { isKept, context }: Ending): void {
  try {
    prepared.end?.(isKept);
  } catch (error) {
    // What is left over goes with the next write in that directory.
    context.log?.warn("Could not clear up after a plan", { reason: asStepFailure(error).message });
  }
}
