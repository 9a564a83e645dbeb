import { joinNetwork } from "../../network/wanted-network.ts";
import { planCloudInit } from "../../os/cloud-init.ts";
import { claimsOf, strongestClaim } from "../../os/index.ts";
import type { DoctorFacts } from "../facts.ts";
import { type Check, ok, skipped, warning } from "../finding.ts";
import { networkFix } from "../fixes.ts";

/** Who else manages the network, and would write another one over the host's. */
export const networkManagers: Check = {
  name: "network-managers",
  look: (facts) => {
    if ("fault" in facts.network) return [skipped("The network could not be read")];
    const files = planCloudInit(claimedBy(facts), facts.network).map(({ path }) => path);
    if (files.length > 0) {
      return [
        warning(
          `cloud-init would write its own over the host's: no ${files.join(", no ")}`,
          networkFix(facts),
        ),
      ];
    }
    const chosen = strongestClaim(claimsOf(facts.network));
    return [chosen === undefined ? skipped("Nobody manages the network") : ok(chosen.backend.name)];
  },
};

function claimedBy({ xenstore, network }: DoctorFacts) {
  if (!xenstore.isReached || "fault" in network) return { hasNetwork: true, hasHostname: false };
  const { interfaces } = joinNetwork(xenstore.wanted.links, network.vifs);
  return { hasNetwork: interfaces.length > 0, hasHostname: xenstore.wanted.hostname !== undefined };
}
