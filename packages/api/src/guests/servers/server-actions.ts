import {
  actionRules,
  type ActionRule,
  type Image,
  type Instance,
  type Requester,
  type TaskState,
} from "@nova-agent/host";
import { includesRole } from "../../context/caller.ts";

/** Who would do something with which server. */
export interface ActionSituation {
  readonly instance: Instance;
  /** Of its own disk. */
  readonly image: Pick<Image, "name" | "osType"> | undefined;
  readonly requester: Pick<Requester, "roles">;
}

const COMMAND = "kmsactivate";

/** What can be done with a server at all, and in which states; without a rule, in all of them. */
const rules = {
  changePassword: actionRules.changePassword,
  reboot: actionRules.softReboot,
  hardReboot: actionRules.hardReboot,
  start: actionRules.start,
  stop: actionRules.stop,
  rescue: actionRules.rescue,
  unrescue: actionRules.unrescue,
  attachInterface: actionRules.attachInterface,
  detachInterface: actionRules.detachInterface,
  resetNetwork: actionRules.resetNetwork,
  registerRedHat: actionRules.registerRedHat,
  activateWindows: actionRules.activateWindows,
  delete: undefined,
  rename: undefined,
  // Nova's (nova, compute/api.py, update_instance_metadata).
  metadata: { vmStates: ["active", "stopped"] },
} as const satisfies Readonly<Record<string, Pick<ActionRule, "vmStates"> | undefined>>;

type ActionName = keyof typeof rules;

/** Of each thing that is done with servers: null when it may be done now, or in plain words why not. */
export function viewActions(situation: ActionSituation): Readonly<Record<ActionName, string | null>> {
  const names = Object.keys(rules) as ActionName[];
  const entries = names.map((name) => [name, whyNot(name, situation)] as const);
  return Object.fromEntries(entries) as Record<ActionName, string | null>;
}

function whyNot(name: ActionName, situation: ActionSituation): string | null {
  const { instance, requester } = situation;
  if (!includesRole(requester.roles, "member")) return "Your role in this project only lets you look";
  const { taskState, vmState } = instance;
  // To delete is possible whatever is being done, and so is a name.
  if (taskState === "deleting") return `The server ${taskWords.deleting}`;
  const rule: Pick<ActionRule, "vmStates"> | undefined = rules[name];
  if (rule === undefined) return null;
  if (taskState !== null) return `The server ${taskWords[taskState]}: wait until that is done`;
  if (!rule.vmStates.includes(vmState)) {
    return `The server ${stateWords[vmState]}; this is for one that ${either(rule.vmStates)}`;
  }
  if (name === "registerRedHat") return whyNotActivated(situation, { osType: "linux", system: "Linux" });
  if (name === "activateWindows") return whyNotActivated(situation, { osType: "windows", system: "Windows" });
  return null;
}

function whyNotActivated(
  { instance, image }: ActionSituation,
  { osType, system }: { readonly osType: Image["osType"]; readonly system: string },
): string | null {
  if (image !== undefined && image.osType !== osType) return `The image ${image.name} is not of ${system}`;
  const { agentFeatures } = instance;
  if (agentFeatures === null) return `The guest's agent has not been asked yet whether it offers ${COMMAND}`;
  return agentFeatures.includes(COMMAND) ? null : `The guest's agent does not offer ${COMMAND}`;
}

const stateWords: Readonly<Record<Instance["vmState"], string>> = {
  building: "is being built",
  active: "is running",
  stopped: "is stopped",
  rescued: "is in rescue mode",
  error: "is in error",
  deleted: "is deleted",
};

const taskWords: Readonly<Record<TaskState, string>> = {
  scheduling: "is being built",
  spawning: "is being built",
  networking: "has its network changed, or its guest asked for something",
  updating_password: "gets another password",
  rebooting: "reboots",
  rebooting_hard: "reboots",
  rescuing: "is going into rescue mode",
  unrescuing: "is leaving rescue mode",
  "powering-off": "is stopping",
  "powering-on": "is starting",
  deleting: "is being deleted",
};

function either(states: readonly Instance["vmState"][]): string {
  const words = states.map((state) => stateWords[state]);
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
