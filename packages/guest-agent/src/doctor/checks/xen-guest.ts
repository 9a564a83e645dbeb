import type { DoctorFacts } from "../facts.ts";
import { type Check, ok, problem, skipped } from "../finding.ts";
import { isLive } from "../fixes.ts";

/** Whether this is a guest of Xen, which alone has a host that the agent could serve. */
export const xenGuest: Check = {
  name: "xen-guest",
  look: (facts) => [look(facts)],
};

function look(facts: DoctorFacts) {
  const { hypervisor, isDom0 } = facts.xen;
  if (isDom0) return problem("This is dom0, the host itself, and no guest", "Run the agent in a guest");
  if (hypervisor === "xen") return ok("This is a Xen guest");
  // An embedded XenStore, or a kernel that does not say.
  if (facts.xenstore.isReached) return ok("XenStore answers");
  if (!isLive(facts)) return skipped("The disk is looked at from outside of a Xen guest");
  const seen =
    hypervisor === undefined ? "the kernel names no hypervisor" : `this is a guest of ${hypervisor}`;
  return problem(`This is no Xen guest: ${seen}`, "Start it as a guest of Xen; elsewhere it needs no agent");
}
