import type { Network, Port, Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { findServer } from "../../compute/servers/load-servers.ts";
import { ID_MAX_CHARACTERS } from "../../compute/limits.ts";
import { route, type Route } from "../../route.ts";
import { allProjects, chooseProject } from "../all-projects.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { SERVER_IDS_MAX } from "../limits.ts";
import { listInstances, loadRows, type RowParts } from "./load-rows.ts";
import { viewActions } from "./server-actions.ts";
import { viewRow } from "./view-row.ts";

const id = z.string().check(z.maxLength(ID_MAX_CHARACTERS));
const listQuery = z.object({
  all_projects: allProjects,
  id: z.optional(z.union([id, z.array(id).check(z.maxLength(SERVER_IDS_MAX))])),
});

/** Servers with how their agents are and what is under way: all of them, and one with everything of it. */
export function guestServerRoutes(options: GuestsOptions): readonly Route[] {
  return [listGuestServers(options), showGuestServer(options)];
}

function listGuestServers(options: GuestsOptions): Route {
  return route({
    name: "listGuestServers",
    method: "GET",
    path: "/servers",
    summary: "List servers with how their agents are and what is under way, the newest first",
    role: "reader",
    query: listQuery,
    handle: async ({ requester, query }) => {
      const projectId = chooseProject(requester, query.all_projects);
      const ids = query.id === undefined ? undefined : [query.id].flat();
      const rows = await loadRows(options, await listInstances(options, { projectId, ids }));
      const now = options.now();
      return { body: { servers: rows.map((parts) => viewRow(parts, now)) } };
    },
  });
}

function showGuestServer(options: GuestsOptions): Route {
  return route({
    name: "showGuestServer",
    method: "GET",
    path: "/servers/:id",
    summary: "Show a server with its network cards, and what may be done with it now or why not",
    role: "reader",
    handle: async ({ requester, params }) => {
      const [parts] = await loadRows(options, [await findServer(options, requester, params.id)]);
      return { body: { server: parts && (await viewWhole(options, parts, requester)) } };
    },
  });
}

async function viewWhole(options: GuestsOptions, parts: RowParts, requester: Requester): Promise<object> {
  const { instance, ports } = parts;
  const networks = await findNetworks(options, ports);
  return {
    ...viewRow(parts, options.now()),
    hostname: instance.hostname,
    agent_features: instance.agentFeatures,
    metadata: instance.metadata,
    ports: ports.map((port) => viewPort(port, networks.get(port.networkId))),
    actions: viewActions({ ...parts, requester }),
  };
}

/** The networks that cards are in, by their ids. */
export async function findNetworks(
  { database }: Pick<GuestsOptions, "database">,
  ports: readonly Pick<Port, "networkId">[],
): Promise<ReadonlyMap<string, Network>> {
  const ids = [...new Set(ports.map(({ networkId }) => networkId))];
  const networks = await Promise.all(ids.map((networkId) => database.inventory.findNetwork(networkId)));
  return new Map(networks.filter((network) => network !== undefined).map((network) => [network.id, network]));
}

function viewPort(port: Port, network: Network | undefined): object {
  return {
    id: port.id,
    network: { id: port.networkId, name: network?.name ?? "" },
    mac: port.mac,
    index: port.index,
    addresses: port.fixedIps.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    name: port.name ?? "",
  };
}
