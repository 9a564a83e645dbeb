import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, ok, skipped, warning } from "../finding.ts";
import { enablingFix, INSTALL_FIX, isLive, restartingFix } from "../fixes.ts";

const NAME = "xe-daemon";
/** Either starts the daemon: other vendors' packages know the first name alone. */
const NAMES: ReadonlySet<string> = new Set(["xe-linux-distribution", NAME]);

/** Whether somebody publishes what the guest is: without it the host shows no addresses and no tools. */
export const xeDaemon: Check = { name: "xe-daemon", look: (facts) => [look(facts)] };

function look(facts: DoctorFacts): Found {
  const installed = facts.services.installed.filter(({ name }) => NAMES.has(name));
  const service = installed.findLast(({ enabledBy }) => enabledBy.length > 0);
  const last = installed.at(-1);
  const isRunning = (facts.running?.publishers.length ?? 0) > 0;
  if (facts.services.init === undefined) return skipped("What starts this system's services is not known");
  if (last === undefined) {
    return isRunning
      ? ok("Runs, started by somebody else")
      : warning("No xe-daemon is installed: the host cannot see addresses and memory", INSTALL_FIX);
  }
  if (service === undefined) {
    return warning(`${last.name} does not start with the system`, enablingFix(last.name, facts));
  }
  if (!isLive(facts) || isRunning) return ok(isLive(facts) ? "Runs" : "Starts with the system");
  return warning(`${service.name} does not run`, restartingFix(service.name, facts));
}
