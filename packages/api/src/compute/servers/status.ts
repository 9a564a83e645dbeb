import type { Instance, TaskState, VmState } from "@nova-agent/host";

const statusOfState: Readonly<Record<VmState, string>> = {
  building: "BUILD",
  active: "ACTIVE",
  stopped: "SHUTOFF",
  rescued: "RESCUE",
  error: "ERROR",
  deleted: "DELETED",
};

/** What shows through an active instance. */
const statusOfTask: Readonly<Partial<Record<TaskState, string>>> = {
  updating_password: "PASSWORD",
  rebooting: "REBOOT",
  rebooting_hard: "HARD_REBOOT",
};

/** The status that users see (nova, api/openstack/common.py, `_STATE_MAP`). */
export function viewStatus({ vmState, taskState }: Pick<Instance, "vmState" | "taskState">): string {
  const ofTask = vmState === "active" && taskState !== null ? statusOfTask[taskState] : undefined;
  return ofTask ?? statusOfState[vmState];
}

/** The states of instances that may have a status; none for a status that there is not. */
export function vmStatesOf(status: string): readonly VmState[] {
  if (Object.values(statusOfTask).includes(status)) return ["active"];
  return (Object.keys(statusOfState) as VmState[]).filter((state) => statusOfState[state] === status);
}

/** Numbers of the hypervisor's states (nova, compute/power_state.py). */
export function viewPowerState({ vmState, taskState }: Pick<Instance, "vmState" | "taskState">): number {
  const NO_STATE = 0;
  const RUNNING = 1;
  const SHUT_DOWN = 4;
  if (vmState === "active" || vmState === "rescued") return RUNNING;
  if (vmState === "stopped") return taskState === "powering-on" ? NO_STATE : SHUT_DOWN;
  return NO_STATE;
}
