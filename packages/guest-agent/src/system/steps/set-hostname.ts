import { decodeLatin1 } from "@nova-agent/xenstore";
import type { SetHostnameStep } from "../../plan.ts";
import { SHORT_PROGRAM_TIMEOUT_MS } from "../limits.ts";
import { runProgram } from "./program.ts";
import { type Change, type StepContext, isLive } from "./step.ts";

/** Sets the kernel's host name by hostname(1), where it is another. */
export async function setHostname(
  { hostname }: SetHostnameStep,
  context: StepContext,
): Promise<Change | undefined> {
  if (!isLive(context)) {
    context.log?.info("Host name not set under another root", { root: context.root });
    return undefined;
  }
  const old = await runHostname([], context);
  if (old === hostname) return undefined;
  await runHostname([hostname], context);
  return {
    undo: async () => {
      await runHostname([old], context);
    },
  };
}

async function runHostname(names: readonly string[], context: StepContext): Promise<string> {
  const { stdout } = await runProgram(
    { argv: ["hostname", ...names], timeoutMs: SHORT_PROGRAM_TIMEOUT_MS },
    { failure: "Couldn't set hostname", context },
  );
  return decodeLatin1(stdout).trim();
}
