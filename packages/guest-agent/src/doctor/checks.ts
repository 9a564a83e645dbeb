import { clock } from "./checks/clock.ts";
import { configuration } from "./checks/configuration.ts";
import { disk } from "./checks/disk.ts";
import { networkFiles } from "./checks/network-files.ts";
import { networkKernel } from "./checks/network-kernel.ts";
import { networkManagers } from "./checks/network-managers.ts";
import { requests } from "./checks/requests.ts";
import { rootPassword } from "./checks/root-password.ts";
import { service } from "./checks/service.ts";
import { startOrder } from "./checks/start-order.ts";
import { unfinishedChange } from "./checks/unfinished-change.ts";
import { version } from "./checks/version.ts";
import { vmData } from "./checks/vm-data.ts";
import { xeDaemon } from "./checks/xe-daemon.ts";
import { xenGuest } from "./checks/xen-guest.ts";
import { xenbus } from "./checks/xenbus.ts";
import type { DoctorFacts } from "./facts.ts";
import type { Check, Finding, Severity } from "./finding.ts";

/** Every check, in the order in which an engineer looks. A new one gets its row here. */
export const checks: readonly Check[] = [
  xenGuest,
  xenbus,
  service,
  startOrder,
  xeDaemon,
  requests,
  vmData,
  networkFiles,
  networkKernel,
  networkManagers,
  rootPassword,
  disk,
  clock,
  version,
  configuration,
  unfinishedChange,
];

const ranks: Readonly<Record<Severity, number>> = { problem: 0, warning: 1, skipped: 2, ok: 3 };

/** What all checks find, the worst first. */
export function examine(facts: DoctorFacts): readonly Finding[] {
  const findings = checks.flatMap(({ name, look }) =>
    look(facts).map((found) => ({ check: name, ...found })),
  );
  return findings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity]);
}
