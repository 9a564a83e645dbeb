import type { ProgramOutcome } from "@nova-agent/testbed";
import { findXenstore } from "@nova-agent/xenstore/node";
import { createNodeHost } from "../../src/hosts/node/index.ts";
import { runGuestctl } from "../../src/index.ts";

/** Runs a command line in this process, with no XenStore in reach: for what ends before it is asked. */
export async function runHere(args: readonly string[]): Promise<ProgramOutcome> {
  let stdout = "";
  let stderr = "";
  const host = createNodeHost();
  const status = await runGuestctl(args, {
    ...host,
    findXenstore: () => findXenstore({ XENSTORED_PATH: "/nonexistent/xenstored/socket" }),
    terminal: {
      input: host.terminal.input,
      isErrorTty: false,
      writeOut: (text) => {
        stdout += text;
      },
      writeError: (text) => {
        stderr += text;
      },
    },
  });
  return { status, stdout, stderr };
}
