import { chooseAddresses, type Instance, type Network, type Port, type Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { id } from "../../compute/schemas.ts";
import { findServer } from "../../compute/servers/load-servers.ts";
import { ApiError } from "../../errors.ts";
import { route, type Route } from "../../route.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { ACTIVITY_OPERATIONS_MAX } from "../limits.ts";
import { loadRows } from "../servers/load-rows.ts";
import { viewActions } from "../servers/server-actions.ts";
import { findNetworks } from "../servers/server-routes.ts";
import { compareNetwork } from "./compare-network.ts";
import { type PreviewCard, type PreviewedChange, previewLines, previewWarnings } from "./preview.ts";
import { viewNetwork } from "./view-network.ts";

const attach = z.object({
  network_id: id,
  address: z.optional(z.union([z.ipv4(), z.ipv6()])),
});
const previewBody = z.union([
  z.strictObject({ attach }),
  z.strictObject({ detach: z.object({ port_id: id }) }),
]);

/** The network of servers: as it should be beside as it is, and as a change would make it. */
export function guestNetworkRoutes(options: GuestsOptions): readonly Route[] {
  return [showGuestNetwork(options), previewNetwork(options)];
}

function showGuestNetwork(options: GuestsOptions): Route {
  return route({
    name: "showGuestNetwork",
    method: "GET",
    path: "/servers/:id/network",
    summary: "Show the network that a server should have beside the one that its guest has",
    role: "reader",
    handle: async ({ requester, params }) => {
      const { id: instanceId } = await findServer(options, requester, params.id);
      const { database, observation } = options;
      const [ports, sight, operations] = await Promise.all([
        database.instances.ports(instanceId),
        observation.look(instanceId),
        database.operations.list({ instanceId, limit: ACTIVITY_OPERATIONS_MAX }),
      ]);
      const networks = await findNetworks(options, ports);
      const lastReset = operations.find(({ kind }) => kind === "resetNetwork");
      const cards = compareNetwork({ ports, networks, sight });
      return { body: { network: viewNetwork(cards, lastReset) } };
    },
  });
}

function previewNetwork(options: GuestsOptions): Route {
  return route({
    name: "previewNetwork",
    method: "POST",
    path: "/servers/:id/network/preview",
    summary: "Show what attaching or detaching a network card would change, and change nothing",
    role: "reader",
    body: previewBody,
    handle: async ({ requester, params, body }) => {
      const instance = await findServer(options, requester, params.id);
      const ports = await options.database.instances.ports(instance.id);
      const networks = await findNetworks(options, ports);
      const cards = { ports, networks };
      const choice =
        "attach" in body
          ? await chooseCard(options, { instance, wanted: body.attach })
          : takeCard(instance, { ...cards, portId: body.detach.port_id });
      const others = cardsOf(cards).filter(({ mac }) => mac !== choice.card.mac);
      const change = await completeChange(options, requester, { instance, ...choice, others });
      const preview = { lines: previewLines(change), warnings: previewWarnings(change) };
      return { body: { preview: { address: choice.address, ...preview } } };
    },
  });
}

interface Choice extends Pick<PreviewedChange, "kind" | "card"> {
  /** What to ask for, to get what is shown. */
  readonly address: string | null;
}

/** A card that would be made. Throws BAD_REQUEST for a network that the instance may not use. */
async function chooseCard(
  { database }: GuestsOptions,
  { instance, wanted }: { readonly instance: Instance; readonly wanted: z.output<typeof attach> },
): Promise<Choice> {
  const network = await database.inventory.findNetwork(wanted.network_id);
  if (network === undefined || (network.projectId ?? instance.projectId) !== instance.projectId) {
    throw new ApiError("BAD_REQUEST", `Network ${wanted.network_id} could not be found.`);
  }
  const fixedIps = await chooseAddresses({ database }, { network, fixedIp: wanted.address });
  const [first, second] = fixedIps;
  // Whoever asks for one address gets no other: to have one of each family, none must be asked for.
  const address = first === undefined || second !== undefined ? null : first.address;
  return { kind: "attach", card: { network, fixedIps }, address };
}

/** Throws NOT_FOUND when the server has no such card. */
function takeCard(
  instance: Instance,
  { portId, ports, networks }: Cards & { readonly portId: string },
): Choice {
  const [card] = cardsOf({ ports: ports.filter((port) => port.id === portId), networks });
  if (card !== undefined) return { kind: "detach", card, address: null };
  throw new ApiError("NOT_FOUND", `No interface with the port ID ${portId} on instance ${instance.id}`);
}

interface Cards {
  readonly ports: readonly Port[];
  readonly networks: ReadonlyMap<string, Network>;
}

function cardsOf({ ports, networks }: Cards): readonly PreviewCard[] {
  return ports.flatMap(({ networkId, mac, fixedIps }) => {
    const network = networks.get(networkId);
    return network === undefined ? [] : [{ network, mac, fixedIps }];
  });
}

async function completeChange(
  options: GuestsOptions,
  requester: Requester,
  change: Omit<PreviewedChange, "image" | "obstacle">,
): Promise<PreviewedChange> {
  const { instance, kind } = change;
  const [parts] = await loadRows(options, [instance]);
  const actions = viewActions({ instance, image: parts?.image, requester });
  const obstacle = kind === "attach" ? actions.attachInterface : actions.detachInterface;
  return { ...change, image: parts?.running, obstacle };
}
