import type { AgentHealth } from "./server.ts";

/** How good a state is, which a colour shows beside its words. */
export type Tone = "good" | "busy" | "bad" | "quiet" | "warn";

const statusTones: Readonly<Record<string, Tone>> = {
  ACTIVE: "good",
  BUILD: "busy",
  REBOOT: "busy",
  HARD_REBOOT: "busy",
  PASSWORD: "busy",
  RESCUE: "warn",
  SHUTOFF: "quiet",
  ERROR: "bad",
};

const statusWords: Readonly<Record<string, string>> = {
  ACTIVE: "Active",
  BUILD: "Building",
  REBOOT: "Rebooting",
  HARD_REBOOT: "Rebooting",
  PASSWORD: "Setting password",
  RESCUE: "In rescue mode",
  SHUTOFF: "Off",
  ERROR: "Error",
  DELETED: "Deleted",
};

const taskWords: Readonly<Record<string, string>> = {
  scheduling: "Waiting to be built",
  spawning: "Being built",
  networking: "Setting up networks",
  updating_password: "Setting password",
  rebooting: "Rebooting",
  rebooting_hard: "Rebooting",
  rescuing: "Entering rescue mode",
  unrescuing: "Leaving rescue mode",
  "powering-off": "Stopping",
  "powering-on": "Starting",
  deleting: "Being deleted",
};

const healthTones: Readonly<Record<AgentHealth, Tone>> = {
  healthy: "good",
  silent: "bad",
  none: "warn",
  unknown: "quiet",
  off: "quiet",
};

const healthWords: Readonly<Record<AgentHealth, string>> = {
  healthy: "Answers",
  silent: "Silent",
  none: "No agent",
  unknown: "Not asked yet",
  off: "Off",
};

const operationWords: Readonly<Record<string, string>> = {
  version: "Ask for the agent's version",
  features: "Ask what the agent offers",
  password: "Set the password",
  injectFile: "Write a file",
  resetNetwork: "Apply the network",
  kmsactivate: "Register or activate the system",
  doctor: "Have the guest examined",
  send: "Send a request",
};

const actionWords: Readonly<Record<string, string>> = {
  create: "Build",
  delete: "Delete",
  changePassword: "Reset password",
  reboot: "Reboot",
  start: "Start",
  stop: "Stop",
  rescue: "Enter rescue mode",
  unrescue: "Leave rescue mode",
  attach_interface: "Attach network",
  detach_interface: "Detach network",
  resetNetwork: "Apply network",
  injectNetworkInfo: "Write networks for the guest",
  addFixedIp: "Add address",
  removeFixedIp: "Remove address",
  registerRedHat: "Register with Red Hat",
  activateWindows: "Activate Windows",
};

export interface Words {
  readonly text: string;
  readonly tone: Tone;
}

/** Of a server: what is being done with it, or else its status. */
export function statusOf(server: { readonly status: string; readonly task_state: string | null }): Words {
  const task = server.task_state === null ? undefined : (taskWords[server.task_state] ?? server.task_state);
  if (task !== undefined) return { text: task, tone: "busy" };
  const { status } = server;
  return { text: statusWords[status] ?? status, tone: statusTones[status] ?? "quiet" };
}

export function healthOf(health: AgentHealth): Words {
  return { text: healthWords[health], tone: healthTones[health] };
}

/** What an operation asks of the guest. */
export function operationName(kind: string): string {
  return operationWords[kind] ?? kind;
}

/** What an action does to the server. */
export function actionName(action: string): string {
  return actionWords[action] ?? action;
}

/** How far an operation is. */
export function operationState(state: string): Words {
  switch (state) {
    case "queued":
      return { text: "Queued", tone: "quiet" };
    case "sent":
      return { text: "Sent to the guest", tone: "busy" };
    case "taken":
      return { text: "Read by the guest", tone: "busy" };
    case "done":
      return { text: "Done", tone: "good" };
    case "failed":
      return { text: "Failed", tone: "bad" };
    case "timedOut":
      return { text: "No answer in time", tone: "bad" };
    case "late":
      return { text: "Answered too late", tone: "warn" };
    default:
      return { text: state, tone: "quiet" };
  }
}

/** Such as "1 server". */
export function countServers(count: number): string {
  return count === 1 ? "1 server" : `${count} servers`;
}
