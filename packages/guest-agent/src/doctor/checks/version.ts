import { compareVersions } from "../compare-versions.ts";
import type { DoctorFacts, InstalledPackage } from "../facts.ts";
import { type Check, type Found, orOk, problem, warning } from "../finding.ts";
import { INSTALL_FIX, restartingFix } from "../fixes.ts";

/** Hosts update an agent that is older than these, which earlier packages have as their latest. */
const OLDEST: Readonly<Record<string, string>> = { "nova-agent": "1.39.1", "python3-nova-agent": "2.1.25" };

/** Whether the agent is new enough for its host, and the one that runs is the one that is installed. */
export const version: Check = {
  name: "version",
  look: (facts) => {
    const { running, packages } = facts;
    return orOk(
      [...packages.flatMap(tooOld), ...otherRuns(facts), ...askedForUpdate(facts)],
      running?.status === undefined ? facts.version : running.status.version,
    );
  },
};

function tooOld({ name, version }: InstalledPackage): Found[] {
  const oldest = OLDEST[name];
  if (oldest === undefined || compareVersions(version, oldest) >= 0) return [];
  return [problem(`${name} ${version} is too old: hosts want ${oldest}`, INSTALL_FIX)];
}

function otherRuns(facts: DoctorFacts): Found[] {
  const runs = facts.running?.status?.version;
  if (runs === undefined || runs === facts.version) return [];
  const what = `${runs} runs and ${facts.version} is installed`;
  return [warning(what, restartingFix("nova-agent", facts))];
}

/** The agent refuses it: updates come as packages. */
function askedForUpdate({ running, version: own }: DoctorFacts): Found[] {
  const isAsked = running?.status?.requests.some(({ name }) => name === "agentupdate") ?? false;
  return isAsked ? [warning(`The host wants a newer agent than ${own}`, INSTALL_FIX)] : [];
}
