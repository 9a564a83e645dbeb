import { AGENT_VERSION } from "@nova-agent/guest-agent";
import type { AskedOperation } from "./operation-task.ts";
import type { World } from "./world.ts";

/** What is wrong with a world in which nothing goes on any more: a sentence each. */
export function checkWorld(world: World): readonly string[] {
  return [
    ...world.violations,
    ...world.operations.flatMap(checkEnd),
    ...world.operations.flatMap(checkVersion),
    ...checkExecutions(world),
  ];
}

/** Every operation ended in exactly one state. */
function checkEnd({ number, outcomes, task }: AskedOperation): readonly string[] {
  if (outcomes.length === 1) return [];
  return [`operation ${number} (${task.kind}) ended ${outcomes.length} times`];
}

function checkVersion({ number, outcomes, task }: AskedOperation): readonly string[] {
  const lies = outcomes.filter(({ claim, text }) => claim === "done" && text !== AGENT_VERSION);
  if (task.kind !== "version") return [];
  return lies.map(({ text }) => `operation ${number} was told that the version is ${text}`);
}

/** Nothing was carried out twice by one process, and nothing while something else was. */
function checkExecutions({ executions }: World): readonly string[] {
  const faults: string[] = [];
  const met = new Set<string>();
  const endOf = new Map<string, number>();
  for (const { process, requestId, command, startedAtMs, endedAtMs = startedAtMs } of executions) {
    const key = `${process} ${requestId}`;
    if (met.has(key)) faults.push(`${process} carried out ${command} ${requestId} twice`);
    if (startedAtMs < (endOf.get(process) ?? 0)) faults.push(`${process} did two things at a time`);
    met.add(key);
    endOf.set(process, endedAtMs);
  }
  return faults;
}
