import type { Logger } from "../log.ts";
import { limitSystem } from "./limited-system.ts";
import { rootFiles } from "./rooted-files.ts";
import type { StepContext } from "./steps/step.ts";
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

/** How long what is done in a context may take in all, and what one program may take of what is left. */
export interface ContextLimit {
  readonly limitMs: number;
  readonly share: number;
}

/** What steps are carried out with; without a limit each program has its own alone. */
export function contextOf(options: ExecuteOptions, limit?: ContextLimit): StepContext {
  const { system, root, log, isBeforeNetwork = false } = options;
  const files = rootFiles(system.files, root);
  const deadlineMs = limit === undefined ? Infinity : system.clock.nowMs() + limit.limitMs;
  const limited = limit === undefined ? system : limitSystem(system, { deadlineMs, share: limit.share });
  return { system: limited, root, log, files, isBeforeNetwork, deadlineMs };
}
