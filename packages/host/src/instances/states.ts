import { HostError } from "../errors.ts";
import type { Instance, TaskState, VmState } from "./instance.ts";

/** What is done to an instance: its name for users, its state meanwhile, and the states it may be done in. */
export interface ActionRule {
  /** As Nova names it in os-instance-actions. */
  readonly action: string;
  /** As Nova names it in a refusal. */
  readonly method: string;
  /** While it goes on. */
  readonly taskState: TaskState;
  readonly vmStates: readonly VmState[];
}

const connected: readonly VmState[] = ["active", "stopped"];

/** Nova's rules (nova, compute/api.py, check_instance_state), for the states that there are here. */
export const actionRules = {
  changePassword: rule("changePassword", "updating_password", ["active"]),
  softReboot: rule("reboot", "rebooting", ["active"]),
  hardReboot: rule("reboot", "rebooting_hard", ["active", "stopped", "error"]),
  rescue: rule("rescue", "rescuing", ["active", "stopped", "error"]),
  unrescue: rule("unrescue", "unrescuing", ["rescued"]),
  start: rule("start", "powering-on", ["stopped"]),
  stop: rule("stop", "powering-off", ["active", "error"]),
  resetNetwork: rule("resetNetwork", "networking", ["active"]),
  injectNetworkInfo: rule("injectNetworkInfo", "networking", ["active"]),
  attachInterface: rule("attach_interface", "networking", connected),
  detachInterface: rule("detach_interface", "networking", connected),
  addFixedIp: rule("addFixedIp", "networking", connected),
  removeFixedIp: rule("removeFixedIp", "networking", connected),
  registerRedHat: rule("registerRedHat", "networking", ["active"]),
  activateWindows: rule("activateWindows", "networking", ["active"]),
} as const satisfies Readonly<Record<string, ActionRule>>;

function rule(action: string, taskState: TaskState, vmStates: readonly VmState[]): ActionRule {
  return { action, method: action, taskState, vmStates };
}

/**
 * Throws WRONG_STATE, in Nova's words (nova, api/openstack/common.py,
 * raise_http_conflict_for_instance_invalid_state), when this cannot be done now.
 */
export function assertMayBegin(
  instance: Instance,
  { method, vmStates }: Pick<ActionRule, "method" | "vmStates">,
): void {
  const { vmState, taskState } = instance;
  if (!vmStates.includes(vmState)) {
    throw wrongState(instance, {
      method,
      state: `vm_state ${vmState}`,
      needed: `vm_state ${either(vmStates)}`,
    });
  }
  if (taskState !== null) {
    throw wrongState(instance, { method, state: `task_state ${taskState}`, needed: "without a task" });
  }
}

function wrongState(
  { id }: Instance,
  { method, state, needed }: { readonly method: string; readonly state: string; readonly needed: string },
): HostError {
  const text = `Cannot '${method}' instance ${id} while it is in ${state}. It must be ${needed}`;
  return new HostError("WRONG_STATE", text.replace("be vm_state", "be in vm_state"));
}

function either(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
