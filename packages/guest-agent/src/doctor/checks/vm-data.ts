import { joinNetwork } from "../../network/wanted-network.ts";
import { printable } from "../../printable.ts";
import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, ok, problem, skipped, warning } from "../finding.ts";

const HOST_FIX = "Have the host's operator look at the networks of this server";

/** Whether the host names the guest's network, all of it, and for the VIFs that the guest has. */
export const vmData: Check = {
  name: "vm-data",
  look: (facts) => {
    if (!facts.xenstore.isReached) return [skipped("XenStore does not answer")];
    const { wanted } = facts.xenstore;
    const faults = (wanted.faults ?? []).map(({ message }) => problem(printable(message), HOST_FIX));
    const matched = matchVifs(facts);
    const found = [...faults, ...matched];
    if (found.length > 0) return found;
    if (wanted.links.length === 0) return [warning("vm-data names no network", HOST_FIX)];
    return [ok("It names the network of every VIF")];
  },
};

function matchVifs({ xenstore, network }: DoctorFacts): Found[] {
  if (!xenstore.isReached || "fault" in network) return [];
  const { links } = xenstore.wanted;
  const faulty = (xenstore.wanted.faults ?? []).flatMap(({ mac }) => mac ?? []);
  const { missing } = joinNetwork(links, network.vifs);
  const named = new Set([...links.map(({ mac }) => mac), ...faulty]);
  const unnamed = links.length === 0 ? [] : network.vifs.filter(({ mac }) => !named.has(mac));
  return [
    ...missing.map(({ mac, label }) =>
      problem(
        `No VIF has the MAC address ${mac} (${printable(label)})`,
        `Plug that VIF in on the host, or: ${HOST_FIX}`,
      ),
    ),
    ...unnamed.map(({ name, mac }) =>
      warning(`vm-data says nothing of ${name} (${mac}); it is left alone`, HOST_FIX),
    ),
  ];
}
