import { runChecked } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";

/** Runs Xen's toolstack and returns what it printed; rejects when it fails or hangs. */
export function runXl(args: readonly string[]): Promise<string> {
  return runChecked({ argv: ["xl", ...args], timeoutMs: PROGRAM_TIMEOUT_MS });
}
