import { type ProgramOutcome, runProgram } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";

const program = "/usr/lib/nova-agent/node_modules/@nova-agent/cli/bin/guestctl.mjs";

/** Runs the operator's command in Dom0, as an operator does. */
export function runGuestctl(args: readonly string[], stdin = ""): Promise<ProgramOutcome> {
  return runProgram({
    argv: [process.execPath, program, ...args],
    stdin,
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
}
