import { type ActionStep, actionSteps, type PlannedStep } from "./action-steps.ts";
import type { Activity } from "./activity.ts";

/** The steps of a build, as the service names them in the events of the action "create". */
const steps = [
  { event: "ports" },
  { event: "domain" },
  { event: "xe_daemon", kind: "version" },
  { event: "version", kind: "version" },
  { event: "files", kind: "injectFile" },
  { event: "password", kind: "password" },
  { event: "reset_network", kind: "resetNetwork" },
] as const satisfies readonly PlannedStep[];

export type BuildEvent = (typeof steps)[number]["event"];

/** Those of a server whose image has no agent. */
const withoutAgent: ReadonlySet<string> = new Set<BuildEvent>(["ports", "domain"]);

/** The newest build of a server, in what was done with it; undefined when that is not kept any more. */
export function findBuild(activity: readonly Activity[]): Activity | undefined {
  return activity.find(({ action }) => action === "create");
}

/** The steps of a build; while it is not known whether its image has an agent, those that have begun. */
export function buildSteps(
  build: Activity,
  { hasAgent, now }: { readonly hasAgent: boolean | undefined; readonly now: Date },
): readonly ActionStep[] {
  const planned = hasAgent === false ? steps.filter(({ event }) => withoutAgent.has(event)) : steps;
  const all = actionSteps(build, { planned, now });
  return hasAgent === undefined ? all.filter(({ state }) => state !== "waiting") : all;
}
