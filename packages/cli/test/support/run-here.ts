import type { ProgramOutcome } from "@nova-agent/testbed";
import { runGuestctl } from "../../src/index.ts";

/** Runs a command line in this process, with no XenStore in reach: for what ends before it is asked. */
export async function runHere(args: readonly string[]): Promise<ProgramOutcome> {
  let stdout = "";
  let stderr = "";
  const status = await runGuestctl(args, {
    environment: { XENSTORED_PATH: "/nonexistent/xenstored/socket" },
    stdin: process.stdin,
    isErrorTty: false,
    writeOut: (text) => {
      stdout += text;
    },
    writeError: (text) => {
      stderr += text;
    },
  });
  return { status, stdout, stderr };
}
