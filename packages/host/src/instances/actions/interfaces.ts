import { HostError } from "../../errors.ts";
import type { Requester } from "../../ports/requester.ts";
import { beginAction, finishAction, type RunningAction, step } from "../action.ts";
import { findCard } from "./cards.ts";
import { findNetwork } from "../domains/domains-of-instances.ts";
import { tellGuest } from "./guest-network.ts";
import type { Port } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import {
  hasGuest,
  runningDomain,
  type VmDataNode,
  writeNetworking,
  writeVmData,
} from "../domains/live-vm-data.ts";
import type { CardRequest } from "../requests.ts";
import { actionRules } from "../states.ts";
import { type OnFailure, orTakeBack } from "./take-back.ts";
import { type AttachedPort, networkingNode } from "../vm-data.ts";

/**
 * Gives the instance a network card, and resolves when its guest uses it. All of it is taken back when
 * the guest refuses or is silent.
 */
export async function attachInterface(
  context: InstanceContext,
  requester: Requester,
  { id, request }: { readonly id: string; readonly request: CardRequest },
): Promise<Port> {
  const { network, take } = await findCard(context, requester, request);
  const running = await beginAction(context, requester, { id, rule: actionRules.attachInterface });
  return finishAction(running, async () => {
    const result = await orTakeBack(async (onFailure) => {
      const port = await step(running, "port", () => take({ instanceId: id }));
      onFailure("the port", () => context.database.instances.releasePort(port.id));
      if (await hasGuest(context, running.instance))
        await plug(running, { attached: { port, network }, onFailure });
      return port;
    });
    return { changes: {}, result };
  });
}

/**
 * Takes a network card away, and resolves when the guest has done without it. It is put back when the
 * guest refuses or is silent. Throws NO_SUCH_PORT.
 */
export async function detachInterface(
  context: InstanceContext,
  requester: Requester,
  { id, portId }: { readonly id: string; readonly portId: string },
): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.detachInterface });
  await finishAction(running, async () => {
    const port = await context.database.instances.findPort(portId);
    if (port === undefined || port.instanceId !== id) {
      throw new HostError("NO_SUCH_PORT", `Port ${portId} could not be found on instance ${id}.`);
    }
    const network = await findNetwork(context, port.networkId);
    if (await hasGuest(context, running.instance)) {
      await orTakeBack((onFailure) => unplug(running, { attached: { port, network }, onFailure }));
    }
    await step(running, "port", () => context.database.instances.releasePort(portId));
    return { changes: {}, result: undefined };
  });
}

interface Change {
  readonly attached: AttachedPort;
  readonly onFailure: OnFailure;
}

async function plug(running: RunningAction, { attached, onFailure }: Change): Promise<void> {
  const { context, instance } = running;
  const { vif, node } = partsOf(attached);
  // Each before its step: what a toolstack says to have failed may be there all the same.
  onFailure("the VIF", () => context.toolstack.detachVif(instance.id, vif.mac));
  await step(running, "vif", () => context.toolstack.attachVif(instance.id, vif));
  onFailure("its node in vm-data", () => writeNode(running, { ...node, text: undefined }));
  await step(running, "vm_data", () => writeNode(running, node));
  await tellGuest(running, { added: vif.mac });
}

async function unplug(running: RunningAction, { attached, onFailure }: Change): Promise<void> {
  const { context, instance } = running;
  const { vif, node } = partsOf(attached);
  let isRefused = false;
  // Last of all: a card that is plugged in again is a new one to the guest. One that is silent stays so.
  onFailure("the network in the guest", async () => {
    if (isRefused) await tellGuest(running);
  });
  onFailure("its node in vm-data", () => writeNode(running, node));
  await step(running, "vm_data", () => writeNode(running, { ...node, text: undefined }));
  onFailure("the VIF", () => context.toolstack.attachVif(instance.id, vif));
  await step(running, "vif", () => context.toolstack.detachVif(instance.id, vif.mac));
  try {
    await tellGuest(running, { removed: node.path });
  } catch (error) {
    isRefused = error instanceof HostError && error.code === "GUEST_REFUSED";
    throw error;
  }
}

/**
 * Where the guest is at this moment: it may have rebooted since the last look, and its domain have come
 * without the other cards' nodes, which the guest applies as well.
 */
async function writeNode({ context, instance }: RunningAction, node: VmDataNode): Promise<void> {
  const { domid } = await runningDomain(context, instance.id);
  await writeNetworking(context, { id: instance.id, domid });
  await writeVmData(context, domid, node);
}

function partsOf(attached: AttachedPort) {
  const [key, text] = networkingNode(attached);
  const { port, network } = attached;
  const vif = { index: port.index, mac: port.mac, bridge: network.bridge };
  return { vif, node: { path: `networking/${key}`, text } };
}
