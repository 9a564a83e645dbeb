import type { SetHostnameStep } from "../../plan.ts";
import { runHostname } from "./program.ts";
import { isLive, type Prepared, type StepContext } from "./step.ts";

/** Sets the kernel's host name by hostname(1), where it is another. */
export async function setHostname(
  { hostname }: SetHostnameStep,
  context: StepContext,
): Promise<Prepared | undefined> {
  if (!isLive(context)) {
    context.log?.info("Host name not set under another root", { root: context.root });
    return undefined;
  }
  const old = await runHostname([], context);
  if (old === hostname) return undefined;
  const act = async () => {
    await runHostname([hostname], context);
  };
  return { undo: [{ undo: "setHostname", hostname: old }], act };
}
