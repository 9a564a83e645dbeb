import { type ActionStep, actionSteps, type PlannedStep } from "./action-steps.ts";
import type { Activity } from "./activity.ts";

const tell: PlannedStep = { event: "reset_network", kind: "resetNetwork" };
const write: PlannedStep = { event: "vm_data" };

/** What changes the networks of a server: the service's name of it, and its steps while the server runs. */
const plans: Readonly<Record<string, readonly PlannedStep[]>> = {
  attach_interface: [{ event: "port" }, { event: "vif" }, write, tell],
  detach_interface: [write, { event: "vif" }, tell, { event: "port" }],
  addFixedIp: [{ event: "port" }, write, tell],
  removeFixedIp: [{ event: "port" }, write, tell],
  resetNetwork: [tell],
  injectNetworkInfo: [write],
};

/** What is being done with the networks of a server now; undefined when nothing is. */
export function findNetworkChange(activity: readonly Activity[]): Activity | undefined {
  return activity.find((each) => each.finished_at === null && Object.hasOwn(plans, each.action));
}

export function networkSteps(change: Activity, now: Date): readonly ActionStep[] {
  return actionSteps(change, { planned: plans[change.action] ?? [], now });
}
