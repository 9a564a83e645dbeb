import { describeDifferences } from "../../network/kernel-network.ts";
import { joinNetwork } from "../../network/wanted-network.ts";
import { type Check, orOk, problem, skipped } from "../finding.ts";
import { isLive, networkFix } from "../fixes.ts";

/** Whether the kernel has the addresses and routes that the host wants. */
export const networkKernel: Check = {
  name: "network-kernel",
  look: (facts) => {
    const { xenstore, network } = facts;
    if (!isLive(facts)) return [skipped("Another system's disk is looked at")];
    if (!xenstore.isReached) return [skipped("What is wanted is not known: XenStore does not answer")];
    if ("fault" in network) return [skipped("The network could not be read")];
    const { kernel } = network;
    if (kernel === undefined) return [skipped("The kernel's network could not be read; it takes ip(8)")];
    const { interfaces } = joinNetwork(xenstore.wanted.links, network.vifs);
    const differences = interfaces.flatMap((wanted) => describeDifferences(wanted, kernel));
    return orOk(
      differences.map((difference) => problem(difference, networkFix(facts))),
      "It has what the host wants",
    );
  },
};
