import { AgentError, SystemError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { SimpleStep } from "../../plan.ts";
import { describeErrno } from "../errno.ts";
import type { RootedFiles } from "../rooted-files.ts";
import type { System } from "../system.ts";
import type { UndoRecord } from "../undo-record.ts";

/** What every step is carried out with. */
export interface StepContext {
  readonly system: System;
  /** The guest's files, confined to the root. */
  readonly files: RootedFiles;
  /** `/`, or the directory under which another system's files are. */
  readonly root: string;
  readonly log: Logger | undefined;
  /** Whether the network's services have yet to start, and will read its files then. */
  readonly isBeforeNetwork: boolean;
  /** When all has to be done, on the system's clock; Infinity without a limit. */
  readonly deadlineMs: number;
}

/** A step that has something to do, before it is done. */
export interface Prepared {
  /** What takes it back, also when it was done in part, in the order opposite to that of performing. */
  readonly undo: readonly UndoRecord[];
  /** Resolved paths of files that it changes, makes or takes away. */
  readonly touches?: readonly string[];
  readonly act: () => void | Promise<void>;
  /** Clears away what only taking back needed, once the plan is kept or taken back. */
  readonly end?: (isKept: boolean) => void;
}

/** Prepares one kind of step, changing nothing: undefined when all is as it should be. */
export type StepHandler<Kind extends SimpleStep> = (
  step: Kind,
  context: StepContext,
) => Promise<Prepared | undefined> | Prepared | undefined;

/** Whether the root is the running system itself and not a tree of files. */
export function isLive(context: StepContext): boolean {
  return context.root === "/";
}

/**
 * Runs `body` and words what the operating system refused: `Cannot write "/etc/x": is a directory`.
 * The path is the guest's, without the root.
 */
export function explain<Result>(action: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw stepFailure(`${action}: ${describeErrno(error.code)}`, error);
  }
}

/** The error that ends a plan; its message is what the host is told. */
export function stepFailure(message: string, cause?: unknown): AgentError {
  return new AgentError("AGENT_STEP_FAILED", message, cause === undefined ? {} : { cause });
}

/**
 * What was thrown, as the failure of a step. Only what the operating system refused is one: anything else
 * is a fault of the program, must not be answered as if it were the guest's, and is thrown again.
 */
export function asStepFailure(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  if (error instanceof SystemError) return stepFailure(describeErrno(error.code), error);
  throw error;
}
