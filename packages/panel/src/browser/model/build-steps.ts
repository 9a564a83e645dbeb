import { type ActionStep, actionSteps, type PlannedStep } from "./action-steps.ts";
import type { Activity } from "./activity.ts";

/** The steps of a build, as the service names them in the events of the action "create". */
const steps = [
  { event: "ports", name: "Reserve its addresses" },
  { event: "domain", name: "Make its disk and start it" },
  { event: "xe_daemon", name: "Wait until the guest has booted", kind: "version" },
  { event: "version", name: "Wait until its agent answers", kind: "version" },
  { event: "files", name: "Write SSH key and files into it", kind: "injectFile" },
  { event: "password", name: "Set its password", kind: "password" },
  { event: "reset_network", name: "Have the guest set up its networks", kind: "resetNetwork" },
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

/** What a step is called; undefined for what is none. */
export function buildStepName(event: string): string | undefined {
  return steps.find((step) => step.event === event)?.name;
}
