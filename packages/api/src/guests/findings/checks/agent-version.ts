import { NEWEST_AGENT_VERSION } from "../../newest-agent-version.ts";
import { type Check, ok, warning } from "../finding.ts";

/** Whether the agent is as new as this control service. */
export const agentVersion: Check = {
  name: "version",
  look: ({ instance }) => {
    const version = instance.agentVersion;
    // That it has none, or was not asked, others tell.
    if (version === null) return [];
    if (!isOlder(version, NEWEST_AGENT_VERSION)) return [ok(`The agent is ${version}`)];
    const what = `The agent is ${version}, and ${NEWEST_AGENT_VERSION} is there`;
    return [warning(what, "Upgrade the package nova-agent in the guest")];
  },
};

/** By their numbers; what has none is not older. */
function isOlder(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  if (left.length === 0) return false;
  for (let index = 0; index < right.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "")
    .split(".")
    .filter((part) => part !== "")
    .map(Number);
}
