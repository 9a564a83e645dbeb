import type { Clock } from "@nova-agent/xenstore";
import { HostError } from "../../errors.ts";
import { leftOutMacs } from "../../model/left-out.ts";
import type { Requester } from "../../ports/requester.ts";
import { beginAction, finishAction, type RunningAction, step } from "../action.ts";
import type { InstanceContext } from "../instance-context.ts";
import { runningDomain, writeNetworking, writeVmData } from "../domains/live-vm-data.ts";
import { completeVmData } from "../domains/renew-vm-data.ts";
import { CARD_APPEARS_MS } from "../limits.ts";
import { actionRules } from "../states.ts";

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

/** The card that the network is applied for. */
export interface ChangedCard {
  /** The MAC address of a card that the guest must have found. */
  readonly added?: string;
  /** The node of a card below `vm-data` that the database still has. */
  readonly removed?: string;
}

/**
 * Has the guest apply its network; one without an agent finds it at its next start. Throws GUEST_REFUSED, in
 * the guest's words, also when it did the others and found no card where one was added.
 */
export async function tellGuest(running: RunningAction, card: ChangedCard = {}): Promise<void> {
  const { context, instance } = running;
  const image = await context.database.inventory.findImage(instance.imageId);
  if (image?.hasAgent === false) return;
  await applyNetwork(running, card);
}

/** What the guest says of it stands in the event. */
async function applyNetwork(running: RunningAction, card: ChangedCard = {}): Promise<void> {
  const { context, instance, requester } = running;
  const ask = () => context.operations.resetNetwork({ instanceId: instance.id, requester });
  const apply = async (): Promise<string> => {
    const words = await askWhereItIs(running, { ask, removed: card.removed });
    return isLeftOut(words, card) ? askForCard(context.clock, { ask, card }) : words;
  };
  await step(running, "reset_network", apply, (words) => words);
}

/**
 * Asks the guest, and once more where it has rebooted meanwhile: it applied what its new domain had, and
 * xl(1) takes no `vm-data` along. Nobody but an action writes it to the domain of an instance that it has.
 */
export async function askWhereItIs(
  { context, instance }: Pick<RunningAction, "context" | "instance">,
  { ask, removed }: { readonly ask: () => Promise<string>; readonly removed?: string | undefined },
): Promise<string> {
  const complete = async (domid: number): Promise<void> => {
    await completeVmData(context, { instance, domid });
    // The database still has the card.
    if (removed !== undefined) await writeVmData(context, domid, { path: removed, text: undefined });
  };
  const before = await context.toolstack.find(instance.id);
  if (before !== undefined) await complete(before.domid);
  const words = await ask();
  const domain = await context.toolstack.find(instance.id);
  if (domain === undefined || domain.domid === before?.domid) return words;
  await writeNetworking(context, { id: instance.id, domid: domain.domid });
  await complete(domain.domid);
  return ask();
}

/** Once more: what is plugged appears in the guest a moment later. */
async function askForCard(
  clock: Clock,
  { ask, card }: { readonly ask: () => Promise<string>; readonly card: ChangedCard },
): Promise<string> {
  await new Promise<void>((resolve) => {
    clock.after(CARD_APPEARS_MS, resolve);
  });
  const words = await ask();
  if (!isLeftOut(words, card)) return words;
  const text = `The guest does not use the network card, and says: ${words}`;
  throw new HostError("GUEST_REFUSED", text, { command: "resetnetwork", returncode: "0" });
}

function isLeftOut(words: string, { added }: ChangedCard): boolean {
  return added !== undefined && leftOutMacs(words).has(added.toLowerCase());
}
