import { HostError } from "../../errors.ts";
import type { Requester } from "../../ports/requester.ts";
import { messageOf, type RunningAction, settle } from "../action.ts";
import { findNetwork } from "../domains/domains-of-instances.ts";
import type { FreePort, Port } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Network } from "../inventory.ts";
import { addPort, freeIndex } from "./new-port.ts";
import type { CardRequest } from "../requests.ts";

/** Where a network card comes to be; without an index at the lowest one that is free. */
export interface CardPlace {
  readonly instanceId: string;
  readonly index?: number | undefined;
}

/** A network card that an instance is to have. */
export interface Card {
  readonly network: Network;
  /** Whether its port or its address was chosen, so that no other will do. */
  readonly isChosen: boolean;
  /** Throws NO_SUCH_PORT, NO_ADDRESS_LEFT, BAD_ARGUMENT and ADDRESS_TAKEN. */
  readonly take: (place: CardPlace) => Promise<Port>;
}

/** The card that is asked for. Throws BAD_ARGUMENT and NO_SUCH_PORT. */
export async function findCard(
  context: InstanceContext,
  { projectId }: Requester,
  request: CardRequest,
): Promise<Card> {
  if (request.portId === undefined) {
    const { networkId, fixedIp } = request;
    const network = await findNetwork(context, networkId, projectId);
    const take = (place: CardPlace): Promise<Port> => addPort(context, { ...place, network, fixedIp });
    return { network, isChosen: fixedIp !== undefined, take };
  }
  const port = await context.database.instances.findFreePort(request.portId);
  if (port?.projectId !== projectId) throw noSuchPort(request.portId);
  const network = await findNetwork(context, port.networkId);
  return { network, isChosen: true, take: (place) => bind(context, port, place) };
}

/**
 * Takes the chosen cards of an instance that is to be built, each at its place in the list, so that whoever
 * asks learns at once when one is in use. The instance is gone again when it throws what `take` throws.
 */
export async function takeChosenCards(running: RunningAction, cards: readonly Card[]): Promise<void> {
  const { context, instance } = running;
  try {
    for (const [index, { isChosen, take }] of cards.entries()) {
      if (isChosen) await take({ instanceId: instance.id, index });
    }
  } catch (error) {
    await releaseCards(context, instance.id);
    const changes = { vmState: "deleted", deletedAt: context.now() } as const;
    await settle(running, { changes, message: messageOf(error), error });
    throw error;
  }
}

/** Takes all network cards from an instance. */
export async function releaseCards({ database }: InstanceContext, instanceId: string): Promise<void> {
  for (const { id } of await database.instances.ports(instanceId)) await database.instances.releasePort(id);
}

async function bind(
  { database }: InstanceContext,
  port: FreePort,
  { instanceId, index }: CardPlace,
): Promise<Port> {
  const place = { instanceId, index: index ?? freeIndex(await database.instances.ports(instanceId)) };
  if (!(await database.instances.bindPort(port.id, place))) throw noSuchPort(port.id);
  const { projectId: _projectId, ...card } = port;
  return { ...card, ...place };
}

function noSuchPort(id: string): HostError {
  return new HostError("NO_SUCH_PORT", `Port id ${id} could not be found.`);
}
