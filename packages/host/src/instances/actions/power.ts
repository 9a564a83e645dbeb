import { HostError } from "../../errors.ts";
import type { Requester } from "../../ports/requester.ts";
import {
  audit,
  beginAction,
  findInstance,
  finishInBackground,
  type InstanceChanges,
  type RunningAction,
  step,
} from "../action.ts";
import { releaseCards } from "./cards.ts";
import { findImage, startDomain } from "../domains/domains-of-instances.ts";
import type { InstanceContext } from "../instance-context.ts";
import { SHUTDOWN_TIMEOUT_MS } from "../limits.ts";
import { writeNetworking } from "../domains/live-vm-data.ts";
import { renewVersion } from "./renew-version.ts";
import { actionRules } from "../states.ts";

/** Begins a reboot: one that the guest is asked for, or one that it is not. */
export async function reboot(
  context: InstanceContext,
  requester: Requester,
  { id, kind }: { readonly id: string; readonly kind: "soft" | "hard" },
): Promise<void> {
  if (kind === "soft") {
    const running = await beginAction(context, requester, { id, rule: actionRules.softReboot });
    finishInBackground(running, () => andRenewVersion(running, rebootSoftly));
    return;
  }
  const running = await beginAction(context, requester, { id, rule: actionRules.hardReboot });
  finishInBackground(running, () => andRenewVersion(running, bootAnew), inError);
}

/** Begins to start an instance. */
export async function start(context: InstanceContext, requester: Requester, id: string): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.start });
  finishInBackground(running, () => andRenewVersion(running, bootAnew));
}

/** Begins to stop an instance: its guest is asked first, and ended when it takes too long. */
export async function stop(context: InstanceContext, requester: Requester, id: string): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.stop });
  finishInBackground(running, () => powerOff(running));
}

/** Begins to remove an instance, whatever is being done with it; nothing more happens for one that goes already. */
export async function remove(context: InstanceContext, requester: Requester, id: string): Promise<void> {
  const { instances, actions } = context.database;
  const instance = await findInstance(context, requester, id);
  if (instance.taskState === "deleting") return;
  // Whoever holds the instance finds another task when it is done, and leaves its state alone.
  await instances.update(id, { taskState: "deleting" });
  context.background.cancel(id);
  await actions.begin(requester, { instanceId: id, action: "delete" });
  await audit(context, requester, { what: "delete", target: id, outcome: "begun" });
  const running = { context, requester, instance, action: "delete", taskState: "deleting" } as const;
  finishInBackground(running, () => removeWhole(running), inError);
}

/** Boots the guest, and then asks behind it for its agent's version. */
export async function andRenewVersion(
  running: RunningAction,
  boot: (running: RunningAction) => Promise<InstanceChanges>,
): Promise<InstanceChanges> {
  const changes = await boot(running);
  renewVersion(running);
  return changes;
}

/** Ends what is left of the domain and makes a new one from the instance's own disk. */
export async function bootAnew(running: RunningAction): Promise<InstanceChanges> {
  const { context, instance } = running;
  const image = await findImage(context, instance.imageId);
  await step(running, "destroy", () => context.toolstack.destroy(instance.id));
  await step(running, "domain", () => startDomain(context, instance, { boot: "own", image }));
  return { vmState: "active", rescueImageId: null, launchedAt: instance.launchedAt ?? context.now() };
}

/** Shuts the guest down, or ends it when it does not do so in time. */
export async function powerOff(running: RunningAction): Promise<InstanceChanges> {
  const { toolstack, log } = running.context;
  const { id } = running.instance;
  await step(running, "shutdown", async () => {
    try {
      await toolstack.shutdown(id, { timeoutMs: SHUTDOWN_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.code !== "NO_SUCH_DOMAIN") {
        log.warn("A guest did not shut down and is ended", { instanceId: id, error: error.message });
      }
      await toolstack.destroy(id);
    }
  });
  return { vmState: "stopped" };
}

/** Ends the domain, and removes its disks and network cards. */
export async function removeWhole(running: RunningAction): Promise<InstanceChanges> {
  const { context } = running;
  const { toolstack, now } = context;
  const { id } = running.instance;
  await step(running, "destroy", () => toolstack.destroy(id));
  await step(running, "disks", () => toolstack.removeDisks(id));
  await step(running, "ports", () => releaseCards(context, id));
  return { vmState: "deleted", deletedAt: now() };
}

async function rebootSoftly(running: RunningAction): Promise<InstanceChanges> {
  const { context, instance } = running;
  await step(running, "reboot", async () => {
    const { domid } = await context.toolstack.reboot(instance.id, "soft");
    // What was written while it ran, a toolstack may have left behind with the former domain.
    await writeNetworking(context, { id: instance.id, domid });
  });
  return { vmState: "active" };
}

function inError(): InstanceChanges {
  return { vmState: "error" };
}
