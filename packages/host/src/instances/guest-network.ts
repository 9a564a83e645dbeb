import type { Requester } from "../ports/requester.ts";
import { beginAction, finishAction, type RunningAction, step } from "./action.ts";
import type { InstanceContext } from "./instance-context.ts";
import { runningDomain, writeNetworking, writeVmData } from "./live-vm-data.ts";
import { actionRules } from "./states.ts";

/** Has the guest apply what `vm-data` says, and resolves when it has. */
export async function resetNetwork(
  context: InstanceContext,
  requester: Requester,
  id: string,
): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.resetNetwork });
  await finishAction(running, async () => {
    await applyNetwork(running);
    return { changes: {}, result: undefined };
  });
}

/** Writes the networks of the database into `vm-data` of the running guest, which is not told of it. */
export async function injectNetworkInfo(
  context: InstanceContext,
  requester: Requester,
  id: string,
): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.injectNetworkInfo });
  await finishAction(running, async () => {
    await renewNetworking(running);
    return { changes: {}, result: undefined };
  });
}

/** Writes `vm-data/networking` anew from the database. */
export async function renewNetworking(running: RunningAction): Promise<void> {
  const { context, instance } = running;
  await step(running, "vm_data", async () => {
    const { domid } = await runningDomain(context, instance.id);
    await writeNetworking(context, { id: instance.id, domid });
  });
}

/**
 * Has the guest apply its network; one without an agent finds it at its next start. `removed` is the node of
 * a card below `vm-data` that the database still has.
 */
export async function tellGuest(running: RunningAction, removed?: string): Promise<void> {
  const { context, instance } = running;
  const image = await context.database.inventory.findImage(instance.imageId);
  if (image?.hasAgent === false) return;
  await applyNetwork(running, removed);
}

async function applyNetwork(running: RunningAction, removed?: string): Promise<void> {
  const { context, instance, requester } = running;
  const call = { instanceId: instance.id, requester };
  await step(running, "reset_network", async () => {
    const before = await context.toolstack.find(instance.id);
    await context.operations.resetNetwork(call);
    const domain = await context.toolstack.find(instance.id);
    if (domain === undefined || domain.domid === before?.domid) return;
    // A guest that rebooted meanwhile applied what its new domain had, and xl(1) takes no vm-data along.
    await writeNetworking(context, { id: instance.id, domid: domain.domid });
    if (removed !== undefined) await writeVmData(context, domain.domid, { path: removed, text: undefined });
    await context.operations.resetNetwork(call);
  });
}
