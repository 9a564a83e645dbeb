import { planReset } from "../../commands/resetnetwork.ts";
import { AgentError } from "../../errors.ts";
import { flatSteps, type Plan } from "../../plan.ts";
import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, ok, problem, skipped } from "../finding.ts";
import { networkFix } from "../fixes.ts";

/** Whether the files of the network say what the host wants. */
export const networkFiles: Check = { name: "network-files", look: (facts) => [look(facts)] };

function look(facts: DoctorFacts): Found {
  const { xenstore, network } = facts;
  if (!xenstore.isReached) return skipped("What is wanted is not known: XenStore does not answer");
  if ("fault" in network) return problem(network.fault, "Mend that file");
  // The kernel is looked at by itself.
  const { kernel: _kernel, ...files } = network;
  let plan: Plan;
  try {
    plan = planReset({ ...xenstore.wanted, network: files });
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return problem(error.message, "nova-agent network show");
  }
  const changed = flatSteps(plan.steps).flatMap((step) =>
    step.step === "writeFile" || step.step === "removeFile" ? [step.path] : [],
  );
  if (changed.length === 0) return ok("They say what the host wants");
  return problem(`Not as the host wants: ${[...new Set(changed)].join(", ")}`, networkFix(facts));
}
