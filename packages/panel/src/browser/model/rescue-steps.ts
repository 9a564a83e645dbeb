import { type ActionStep, actionSteps, type PlannedStep } from "./action-steps.ts";
import type { Activity } from "./activity.ts";

const plans: Readonly<Record<string, readonly PlannedStep[]>> = {
  rescue: [
    { event: "shutdown" },
    { event: "domain" },
    { event: "version", kind: "version" },
    { event: "password", kind: "password" },
    { event: "reset_network", kind: "resetNetwork" },
  ],
  unrescue: [{ event: "shutdown" }, { event: "destroy" }, { event: "domain" }],
};

/** The newest beginning or end of a rescue; undefined when there was none that is still known. */
export function findRescue(activity: readonly Activity[]): Activity | undefined {
  return activity.find(({ action }) => Object.hasOwn(plans, action));
}

/** Whether a rescue system came up whose image has no agent that could take the one-time password. */
export function isWithoutPassword({ action, result, events }: Activity): boolean {
  return action === "rescue" && result === "Success" && !events.some(({ event }) => event === "password");
}

export function rescueSteps(rescue: Activity, now: Date): readonly ActionStep[] {
  return actionSteps(rescue, { planned: plans[rescue.action] ?? [], now });
}
