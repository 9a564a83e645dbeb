import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, ok, problem, skipped } from "../finding.ts";
import { isLive } from "../fixes.ts";

/** Whether XenStore is there and answers: without it no request reaches the guest. */
export const xenbus: Check = { name: "xenbus", look: (facts) => [look(facts)] };

function look(facts: DoctorFacts): Found {
  const { xenstore, xen } = facts;
  if (xenstore.isReached) return ok("XenStore answers");
  if (!isLive(facts) && xen.hypervisor !== "xen") return skipped(`No XenStore here: ${xenstore.reason}`);
  const fix =
    xen.devices.length === 0
      ? "modprobe xenfs; mount -t xenfs xenfs /proc/xen"
      : "Run this as root; when root sees it too, have the host's operator look at xenstored";
  return problem(`XenStore does not answer: ${xenstore.reason}`, fix);
}
