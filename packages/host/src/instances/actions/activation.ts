import { HostError } from "../../errors.ts";
import type { Requester } from "../../ports/requester.ts";
import { beginAction, finishAction, type RunningAction, step } from "../action.ts";
import { findImage } from "../domains/domains-of-instances.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Image } from "../inventory.ts";
import type { ActivationRequest } from "../requests.ts";
import { actionRules } from "../states.ts";

const COMMAND = "kmsactivate";

/** Which activation it is: for which system, and under which name. */
export type ActivationKind = "registerRedHat" | "activateWindows";

const systems: Readonly<
  Record<ActivationKind, { readonly osType: Image["osType"]; readonly words: string }>
> = {
  registerRedHat: { osType: "linux", words: "Registration with Red Hat" },
  activateWindows: { osType: "windows", words: "Activation of Windows" },
};

/**
 * Registers or activates the guest, and resolves when it is. Throws GUEST_UNSUPPORTED where the image is
 * of another system, or the agent does not offer it.
 */
export async function activate(
  context: InstanceContext,
  requester: Requester,
  what: { readonly id: string; readonly kind: ActivationKind; readonly request: ActivationRequest },
): Promise<void> {
  const running = await beginAction(context, requester, { id: what.id, rule: actionRules[what.kind] });
  await finishAction(running, async () => {
    await assertOffered(running, what.kind);
    await step(running, COMMAND, () => send(running, what.request));
    return { changes: {}, result: undefined };
  });
}

async function assertOffered(running: RunningAction, kind: ActivationKind): Promise<void> {
  const { context, instance, requester } = running;
  const { osType, words } = systems[kind];
  const image = await findImage(context, instance.imageId);
  if (image.osType !== osType) {
    const text = `${words} is not for instance ${instance.id}: its image ${image.name} is of ${image.osType}`;
    throw new HostError("GUEST_UNSUPPORTED", text, { command: COMMAND });
  }
  const call = { instanceId: instance.id, requester };
  const features = await step(running, "features", () => context.operations.features(call));
  if (features.includes(COMMAND)) return;
  const text =
    `${words} is not offered by the agent of instance ${instance.id}: ` +
    `it finds no program for it in the guest (it offers ${features.join(", ")})`;
  throw new HostError("GUEST_UNSUPPORTED", text, { command: COMMAND });
}

async function send(
  { context, instance, requester }: RunningAction,
  request: ActivationRequest,
): Promise<void> {
  const { activationKey, profile, domains, org } = request;
  const value = { activation_key: activationKey, profile, domains, ...(org !== undefined && { org }) };
  const call = { instanceId: instance.id, requester };
  await context.operations.kmsactivate(call, value);
}
