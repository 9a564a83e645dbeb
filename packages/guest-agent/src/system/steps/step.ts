import { AgentError, SystemError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { Step } from "../../plan.ts";
import { describeErrno } from "../errno.ts";
import type { RootedFiles } from "../rooted-files.ts";
import type { System } from "../system.ts";

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
}

/** A step that changed something, so that the change can be taken back or kept. */
export interface Change {
  /** Makes it as it was before. */
  readonly undo: () => void | Promise<void>;
  /** Clears away what only `undo` needed, once every step has succeeded. */
  readonly keep?: () => void;
}

/** Carries out one kind of step: undefined when all was as it should be. */
export type StepHandler<Kind extends Step> = (
  step: Kind,
  context: StepContext,
) => Promise<Change | undefined> | Change | undefined;

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
