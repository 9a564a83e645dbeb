import { HostError, type HostErrorCode } from "../errors.ts";
import type { Requester } from "../ports/requester.ts";
import { finishInBackground, type InstanceChanges, type RunningAction, settle, step } from "./action.ts";
import { allInstances } from "./all-instances.ts";
import { attachedPorts } from "./domains/domains-of-instances.ts";
import { renewNetworking, tellGuest } from "./actions/guest-network.ts";
import type { Action, Instance } from "./instance.ts";
import type { InstanceContext } from "./instance-context.ts";
import { bootAnew, powerOff, removeWhole } from "./actions/power.ts";

/**
 * Sees to what was under way when the service ended: what can be done again is continued behind this
 * call, the rest fails with the reason. Afterwards no instance has a task that nobody works at.
 */
export async function recoverActions(context: InstanceContext): Promise<void> {
  const unfinished = await context.database.actions.unfinished();
  const busy = (await allInstances(context, {})).filter(({ taskState }) => taskState !== null);
  for (const instance of busy) {
    const own = unfinished.filter(({ instanceId }) => instanceId === instance.id);
    // Removing an instance takes it from the action before.
    for (const superseded of own.slice(0, -1)) await endSuperseded(context, superseded);
    await recoverInstance(await takeUp(context, instance, own.at(-1)));
  }
  const busyIds = new Set(busy.map(({ id }) => id));
  for (const action of unfinished) {
    if (!busyIds.has(action.instanceId)) await endForgotten(context, action);
  }
}

/** The service ended between the instance's task and the end of its action. */
async function endForgotten({ database }: InstanceContext, action: Action): Promise<void> {
  const instance = await database.instances.find(action.instanceId);
  await database.actions.end(action.requestId, instance?.fault?.message ?? null);
}

async function endSuperseded({ database }: InstanceContext, { requestId, action }: Action): Promise<void> {
  const text = `The service was restarted during ${action}, from which the instance had been taken`;
  await database.actions.end(requestId, text);
}

/** What is done again is an event of its own. */
async function endEvents({ database }: InstanceContext, { requestId, events }: Action): Promise<void> {
  for (const { event, finishedAt } of events) {
    if (finishedAt !== null) continue;
    const details = "The service was restarted during it";
    await database.actions.endEvent(requestId, { event, isSuccess: false, details });
  }
}

async function takeUp(
  context: InstanceContext,
  instance: Instance,
  action: Action | undefined,
): Promise<RunningAction> {
  const taskState = instance.taskState ?? "spawning";
  if (action !== undefined) {
    await endEvents(context, action);
    return { context, requester: requesterOf(action), instance, action: action.action, taskState };
  }
  // The service ended between the instance's task and the beginning of its action.
  const requester = requesterOf({ ...instance, requestId: `req-${context.newId()}` });
  const name = `recover ${taskState}`;
  await context.database.actions.begin(requester, { instanceId: instance.id, action: name });
  return { context, requester, instance, action: name, taskState };
}

function requesterOf({ userId, projectId, requestId }: Omit<Requester, "roles">): Requester {
  return { userId, projectId, requestId, roles: [] };
}

async function recoverInstance(running: RunningAction): Promise<void> {
  const { instance, taskState } = running;
  switch (taskState) {
    case "scheduling":
    case "spawning":
      return fail(running, { text: buildText(instance), changes: { vmState: "error" }, code: 500 });
    case "updating_password":
      return fail(running, { text: "Whether the guest has the password is not known. Set it again" });
    case "networking":
      return recoverNetworking(running);
    case "rescuing":
      return bootAfterRescue(running);
    case "rebooting":
    case "rebooting_hard":
    case "unrescuing":
    case "powering-on":
      finishInBackground(running, () => boot(running), inError);
      return;
    case "powering-off":
      finishInBackground(running, () => powerOff(running));
      return;
    case "deleting":
      finishInBackground(running, () => removeWhole(running), inError);
      return;
  }
}

/** A reboot that the host has finished by itself is left alone; every other boot is done again. */
async function boot(running: RunningAction): Promise<InstanceChanges> {
  const { context, instance, taskState } = running;
  const isReboot = taskState === "rebooting" || taskState === "rebooting_hard";
  const domain = isReboot ? await context.toolstack.find(instance.id) : undefined;
  return domain === undefined ? bootAnew(running) : { vmState: "active" };
}

/** The password for the rescue system is not kept, so the instance gets its own disk back. */
function bootAfterRescue(running: RunningAction): void {
  let reached = inError();
  const body = async (): Promise<never> => {
    // Before anything boots: what was meant for the rescue system must not reach the instance's own.
    await running.context.operations.giveUp(running.instance.id);
    reached = await bootAnew(running);
    const text = "The rescue has not begun, and the instance runs from its own disk. Rescue it again";
    throw interruptedError(running, "CANCELLED", text);
  };
  finishInBackground(running, body, () => reached);
}

/** What the database has is written to the guest, whichever half of the change that is. */
async function recoverNetworking(running: RunningAction): Promise<void> {
  const networkActions = [
    "attach_interface",
    "detach_interface",
    "addFixedIp",
    "removeFixedIp",
    "resetNetwork",
  ];
  const isOfNetwork = networkActions.includes(running.action) && running.instance.vmState === "active";
  if (!isOfNetwork) return fail(running, { text: "Whether it was done is not known. Look, and ask again" });
  finishInBackground(running, async () => {
    try {
      await step(running, "vif", () => plugAll(running));
      await renewNetworking(running);
      await tellGuest(running);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const text = `What the instance shows could not be brought to its guest: ${error.message}. Reboot it hard`;
      throw interruptedError(running, error.code, text);
    }
    const text = "The guest has the network cards that the instance shows. Look whether these are all";
    throw interruptedError(running, "OUTCOME_UNKNOWN", text);
  });
}

/** A card is in the database before its domain has it, and as long. */
async function plugAll({ context, instance }: RunningAction): Promise<void> {
  for (const { port, network } of await attachedPorts(context, instance.id)) {
    const vif = { index: port.index, mac: port.mac, bridge: network.bridge };
    await context.toolstack.attachVif(instance.id, vif);
  }
}

async function fail(
  running: RunningAction,
  end: { readonly text: string; readonly changes?: InstanceChanges; readonly code?: number },
): Promise<void> {
  const { code = 409, changes } = end;
  const fault = { code, message: interruptedText(running, end.text), at: running.context.now() };
  await settle(running, { changes: { ...changes, fault }, message: fault.message });
}

function interruptedError(running: RunningAction, code: HostErrorCode, text: string): HostError {
  return new HostError(code, interruptedText(running, text));
}

function interruptedText({ action }: RunningAction, text: string): string {
  return `The service was restarted during ${action}. ${text}`;
}

function buildText({ progress }: Instance): string {
  return `The build was ${progress} % done, and its password and files are not kept. Delete it and build anew`;
}

function inError(): InstanceChanges {
  return { vmState: "error" };
}
