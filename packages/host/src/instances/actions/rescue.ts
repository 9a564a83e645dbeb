import type { CancelSignal } from "../../cancel-signal.ts";
import type { Requester } from "../../ports/requester.ts";
import {
  beginAction,
  finishInBackground,
  type InstanceChanges,
  type RunningAction,
  step,
} from "../action.ts";
import { findImage, startDomain } from "../domains/domains-of-instances.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Image } from "../inventory.ts";
import { andRenewVersion, bootAnew, powerOff } from "./power.ts";
import type { RescueRequest } from "../requests.ts";
import { actionRules } from "../states.ts";

/**
 * Begins to boot the instance from a rescue image, with its own disk as the second one. The guest is shut
 * down before, so that nothing is lost that it has not written yet (nova, clean_shutdown). A rescue system
 * whose agent does not take the password leaves the instance rescued, with a fault that says so.
 */
export async function rescue(
  context: InstanceContext,
  requester: Requester,
  { id, request }: { readonly id: string; readonly request: RescueRequest },
): Promise<void> {
  try {
    // One that is not there is refused while the instance is still left alone.
    if (request.imageId !== undefined) await findImage(context, request.imageId);
    const running = await beginAction(context, requester, { id, rule: actionRules.rescue });
    let reached: InstanceChanges = { vmState: "error" };
    const onBoot = (changes: InstanceChanges): void => {
      reached = changes;
    };
    const body = (signal: CancelSignal) => bootRescue(running, { request, signal, onBoot });
    finishInBackground(running, body, () => reached);
  } catch (error) {
    request.adminPass.wipe();
    throw error;
  }
}

/** Begins to boot the instance from its own disk again, once the rescue system has written what it has for it. */
export async function unrescue(context: InstanceContext, requester: Requester, id: string): Promise<void> {
  const running = await beginAction(context, requester, { id, rule: actionRules.unrescue });
  finishInBackground(
    running,
    () => andRenewVersion(running, leaveRescue),
    () => ({ vmState: "error" }),
  );
}

async function leaveRescue(running: RunningAction): Promise<InstanceChanges> {
  await powerOff(running);
  return bootAnew(running);
}

async function bootRescue(
  running: RunningAction,
  options: {
    readonly request: RescueRequest;
    readonly signal: CancelSignal;
    readonly onBoot: (changes: InstanceChanges) => void;
  },
): Promise<InstanceChanges> {
  const { context, instance } = running;
  const { request, signal, onBoot } = options;
  try {
    const image = await rescueImage(running, request.imageId);
    // What a restart left unfinished for the instance's own system must not reach the rescue system.
    await context.operations.giveUp(instance.id);
    await powerOff(running);
    await step(running, "domain", () => startDomain(context, instance, { boot: "rescue", image }));
    const changes = { vmState: "rescued", rescueImageId: image.id } as const;
    onBoot(changes);
    if (image.hasAgent) await setUp(running, { request, signal });
    return changes;
  } finally {
    request.adminPass.wipe();
  }
}

async function setUp(
  running: RunningAction,
  { request, signal }: { readonly request: RescueRequest; readonly signal: CancelSignal },
): Promise<void> {
  const { operations } = running.context;
  const call = { instanceId: running.instance.id, requester: running.requester, signal };
  await step(running, "version", () => operations.version(call));
  await step(running, "password", () => operations.password(call, request.adminPass));
  await step(running, "reset_network", () => operations.resetNetwork(call));
}

/** The image that was asked for, else one that is marked for rescue, else the instance's own (nova). */
async function rescueImage(
  { context, instance }: RunningAction,
  imageId: string | undefined,
): Promise<Image> {
  if (imageId !== undefined) return findImage(context, imageId);
  const marked = (await context.database.inventory.images()).find(({ isRescue }) => isRescue);
  return marked ?? findImage(context, instance.imageId);
}
