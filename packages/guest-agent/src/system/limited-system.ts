import { SystemError } from "../errors.ts";
import type { ProgramCall, ProgramResult, System } from "./system.ts";

/** Until when programs may run. */
export interface TimeLimit {
  /** On the system's clock; Infinity for no limit. */
  readonly deadlineMs: number;
  /** What one program may take of the time that is left, up to 1: so that some is left for the others. */
  readonly share: number;
}

/**
 * The system with a limit for all its programs together, besides each one's own. One that does not end in
 * time is killed and fails with ETIME, as does each that should be started later.
 */
export function limitSystem(system: System, limit: TimeLimit): System {
  return { ...system, run: (call) => runLimited(call, { system, limit }) };
}

async function runLimited(
  call: ProgramCall,
  { system, limit }: { readonly system: System; readonly limit: TimeLimit },
): Promise<ProgramResult> {
  const leftMs = Math.floor((limit.deadlineMs - system.clock.nowMs()) * limit.share);
  if (leftMs >= call.timeoutMs) return system.run(call);
  if (leftMs < 1) throw outOfTime(call);
  try {
    return await system.run({ ...call, timeoutMs: leftMs });
  } catch (error) {
    const isLate = error instanceof SystemError && error.code === "ETIMEDOUT";
    throw isLate ? outOfTime(call, error) : error;
  }
}

function outOfTime({ argv }: ProgramCall, cause?: unknown): SystemError {
  const message = `No time is left for "${argv[0]}"`;
  return new SystemError("ETIME", message, cause === undefined ? {} : { cause });
}
