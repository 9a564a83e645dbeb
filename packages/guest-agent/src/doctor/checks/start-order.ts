import type { InstalledService } from "../../init-systems/service.ts";
import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, orOk, skipped, warning } from "../finding.ts";
import { INSTALL_FIX } from "../fixes.ts";

const PUBLISHERS: ReadonlySet<string> = new Set(["xe-linux-distribution", "xe-daemon"]);

/** What the network's services are ordered behind, with systemd and with OpenRC. */
const NETWORK_NAMES: ReadonlySet<string> = new Set([
  "network-pre.target",
  "network-online.target",
  "network.target",
  "net",
]);

/** Whether xe-daemon starts before the agent, and the agent before the network. */
export const startOrder: Check = {
  name: "start-order",
  look: (facts) => {
    const own = facts.services.installed.find(({ name }) => name === "nova-agent");
    if (own === undefined) return [skipped("nova-agent is not installed")];
    return orOk([...lookAtPublishers(own, facts), ...lookAtNetwork(own, facts)], "In the right order");
  },
};

function lookAtPublishers(own: InstalledService, { services: { init, installed } }: DoctorFacts): Found[] {
  const publishers = installed.filter(
    (each) => PUBLISHERS.has(each.name) && each.enabledBy.length > 0 && !isBehindNetwork(each),
  );
  // Numbers of links say something only where there are links.
  if (own.enabledBy.length === 0 && init?.name === "SysV") return [];
  const early = publishers.filter(
    ({ name, before }) => !own.after.includes(name) && !before.includes(own.name),
  );
  return early.map(({ name }) =>
    warning(`nova-agent is not ordered behind ${name}`, `${INSTALL_FIX}, which orders them`),
  );
}

/** Such a service cannot go before the agent, which goes before the network: that is another vendor's order. */
function isBehindNetwork({ after }: InstalledService): boolean {
  return after.includes("network-online.target") || after.includes("network.target");
}

function lookAtNetwork(own: InstalledService, { services: { init } }: DoctorFacts): Found[] {
  const isKnown = init?.name === "systemd" || init?.name === "OpenRC";
  if (!isKnown || own.before.some((name) => NETWORK_NAMES.has(name))) return [];
  return [
    warning(`nova-agent is not ordered before the network in ${own.path}`, `${INSTALL_FIX}, which orders it`),
  ];
}
