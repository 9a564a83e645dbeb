import { type ProcessLock, acquireLock as acquireProcessLock } from "@nova-agent/host/node";
import { ControlError } from "../errors.ts";
import { LOCK_ATTEMPTS_MAX } from "../limits.ts";

/** The claim of one instance to a run directory. */
export type InstanceLock = ProcessLock;

/**
 * Claims the file at `path` for this process. A claim of a process that is gone is taken over. Throws
 * DIRECTORY_BUSY when another one holds it.
 */
export function acquireLock(path: string): Promise<InstanceLock> {
  return acquireProcessLock(path, {
    attemptsMax: LOCK_ATTEMPTS_MAX,
    busy: (holder) => busy(path, holder),
  });
}

function busy(path: string, holder: string): ControlError {
  return new ControlError("DIRECTORY_BUSY", `Another instance (${holder}) holds ${path}`, {
    wayOut:
      "Stop it with Ctrl-C where it runs, or give this one a place of its own: npm start -- --directory DIR",
  });
}
