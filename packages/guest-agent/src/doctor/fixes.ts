import { type RescuePart, rescueParts } from "../command-line/command-line.ts";
import type { ServiceName } from "../init-systems/service.ts";
import type { DoctorFacts } from "./facts.ts";

/** How to install what is missing. */
export const INSTALL_FIX =
  "Install the package nova-agent: dpkg -i nova-agent_*.deb, or rpm -U nova-agent-*.rpm";

/** Whether the running system is examined. */
export function isLive({ root }: Pick<DoctorFacts, "root">): boolean {
  return root === "/";
}

/** The command that does one part of a rescue. */
export function rescueFix(part: RescuePart, { root }: DoctorFacts): string {
  const others = rescueParts.filter((each) => each !== part).map((each) => ` --no-${each}`);
  return `nova-agent rescue --root ${root}${others.join("")}`;
}

/** The command that brings the network about. */
export function networkFix(facts: DoctorFacts): string {
  return isLive(facts) ? "nova-agent network apply" : rescueFix("network", facts);
}

/** The command that has a service start with the system. */
export function enablingFix(name: ServiceName, facts: DoctorFacts): string {
  if (!isLive(facts)) return rescueFix("services", facts);
  return facts.services.init?.enablingCommand(name) ?? INSTALL_FIX;
}

/** The command that starts a service, or starts it anew. */
export function restartingFix(name: ServiceName, { services: { init } }: DoctorFacts): string {
  return init?.restartingCommand(name) ?? INSTALL_FIX;
}
