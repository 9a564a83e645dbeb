import type {
  FreePort,
  FreePorts,
  InstanceRepository,
  InventoryRepository,
  Network,
  Port,
  Requester,
} from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../errors.ts";
import { openRoute, type Route, route } from "../route.ts";
import { subnetsOf } from "./subnet.ts";
import { viewNetwork, viewPort, viewSubnet } from "./views.ts";

export interface NetworkOptions {
  readonly inventory: InventoryRepository;
  readonly instances: InstanceRepository;
  readonly ports: Pick<FreePorts, "create" | "remove">;
}

const text = z.optional(z.union([z.string(), z.array(z.string())]));
const networkFilter = z.object({ id: text, name: text });
const subnetFilter = z.object({ id: text, name: text, network_id: text });
const portFilter = z.object({ id: text, name: text, network_id: text, device_id: text, mac_address: text });

const newPort = z.object({
  network_id: z.string(),
  name: z.optional(z.string().check(z.maxLength(255))),
  fixed_ips: z.optional(
    z
      .array(z.object({ ip_address: z.optional(z.union([z.ipv4(), z.ipv6()])) }))
      .check(z.minLength(1), z.maxLength(1)),
  ),
});

/** As much of the Networking API as clients of Compute need: of all but ports it is read-only. */
export function networkRoutes(options: NetworkOptions): readonly Route[] {
  return [
    ...versionRoutes(),
    ...ofNetworks(options),
    ...ofSubnets(options),
    ...ofPorts(options),
    ...portChanges(options),
  ];
}

function versionRoutes(): readonly Route[] {
  return [
    openRoute({
      name: "listNetworkVersions",
      method: "GET",
      path: "/",
      summary: "List the versions of the Networking API",
      handle: ({ serviceUrl }) => ({
        body: {
          versions: [
            { id: "v2.0", status: "CURRENT", links: [{ rel: "self", href: `${serviceUrl}/v2.0/` }] },
          ],
        },
      }),
    }),
    openRoute({
      name: "showNetworkVersion",
      method: "GET",
      path: "/v2.0",
      summary: "Show version 2.0 of the Networking API",
      handle: () => ({ body: { resources: [] } }),
    }),
    route({
      name: "listNetworkExtensions",
      method: "GET",
      path: "/v2.0/extensions",
      summary: "List extensions of the Networking API, of which there are none",
      role: "reader",
      handle: () => ({ body: { extensions: [] } }),
    }),
  ];
}

function ofNetworks({ inventory }: NetworkOptions): readonly Route[] {
  return [
    route({
      name: "listNetworks",
      method: "GET",
      path: "/v2.0/networks",
      summary: "List networks",
      role: "reader",
      query: networkFilter,
      handle: async ({ requester, query }) => {
        const networks = await inventory.networks(requester.projectId);
        return { body: { networks: networks.filter((network) => isAmong(network, query)).map(viewNetwork) } };
      },
    }),
    route({
      name: "showNetwork",
      method: "GET",
      path: "/v2.0/networks/:id",
      summary: "Show a network",
      role: "reader",
      handle: async ({ requester, params }) => {
        const networks = await inventory.networks(requester.projectId);
        return { body: { network: viewNetwork(findIn(networks, params.id, "network")) } };
      },
    }),
  ];
}

function ofSubnets({ inventory }: NetworkOptions): readonly Route[] {
  const list = async ({ projectId }: Requester) => (await inventory.networks(projectId)).flatMap(subnetsOf);
  return [
    route({
      name: "listSubnets",
      method: "GET",
      path: "/v2.0/subnets",
      summary: "List subnets",
      role: "reader",
      query: subnetFilter,
      handle: async ({ requester, query: { network_id, ...query } }) => {
        const subnets = (await list(requester)).filter(
          (subnet) => isAmong(subnet, query) && matches(subnet.networkId, network_id),
        );
        return { body: { subnets: subnets.map(viewSubnet) } };
      },
    }),
    route({
      name: "showSubnet",
      method: "GET",
      path: "/v2.0/subnets/:id",
      summary: "Show a subnet",
      role: "reader",
      handle: async ({ requester, params }) => ({
        body: { subnet: viewSubnet(findIn(await list(requester), params.id, "subnet")) },
      }),
    }),
  ];
}

function ofPorts({ instances }: NetworkOptions): readonly Route[] {
  return [
    route({
      name: "listPorts",
      method: "GET",
      path: "/v2.0/ports",
      summary: "List the network cards of the project's instances",
      role: "reader",
      query: portFilter,
      handle: async ({ requester, query }) => {
        const ports = await listPorts(instances, requester, query.device_id);
        const found = ports.filter(
          (port) =>
            isAmong({ id: port.id, name: port.name ?? "" }, query) &&
            matches(port.networkId, query.network_id) &&
            matches(port.mac, query.mac_address),
        );
        return { body: { ports: found.map((port) => viewPort(port, requester.projectId)) } };
      },
    }),
    route({
      name: "showPort",
      method: "GET",
      path: "/v2.0/ports/:id",
      summary: "Show a network card of one of the project's instances",
      role: "reader",
      handle: async ({ requester, params }) => {
        const port = await instances.findPort(params.id);
        const owner = port === undefined ? undefined : await instances.find(port.instanceId);
        const isOwn = owner?.projectId === requester.projectId;
        const own = isOwn ? port : await findFreePort(instances, requester, params.id);
        const ports = own === undefined ? [] : [own];
        return { body: { port: viewPort(findIn(ports, params.id, "port"), requester.projectId) } };
      },
    }),
  ];
}

function portChanges({ instances, ports }: NetworkOptions): readonly Route[] {
  return [
    route({
      name: "createPort",
      method: "POST",
      path: "/v2.0/ports",
      summary: "Make a network card that an instance can be given later",
      role: "member",
      success: 201,
      body: z.object({ port: newPort }),
      handle: async ({ requester, body: { port } }) => {
        const { network_id: networkId, name = "", fixed_ips: fixedIps } = port;
        const request = { networkId, name, fixedIp: fixedIps?.[0]?.ip_address };
        return { body: { port: viewPort(await ports.create(requester, request), requester.projectId) } };
      },
    }),
    route({
      name: "deletePort",
      method: "DELETE",
      path: "/v2.0/ports/:id",
      summary: "Remove a network card that no instance has",
      role: "member",
      success: 204,
      handle: async ({ requester, params: { id } }) => {
        const port = await instances.findPort(id);
        const owner = port === undefined ? undefined : await instances.find(port.instanceId);
        if (owner?.projectId === requester.projectId) {
          throw new ApiError("CONFLICT", `Port ${id} is in use by server ${owner.id}: detach it there`);
        }
        await ports.remove(requester, id);
        return {};
      },
    }),
  ];
}

async function findFreePort(
  instances: InstanceRepository,
  { projectId }: Requester,
  id: string,
): Promise<FreePort | undefined> {
  const port = await instances.findFreePort(id);
  return port?.projectId === projectId ? port : undefined;
}

async function listPorts(
  instances: InstanceRepository,
  { projectId }: Requester,
  deviceIds: Filter,
): Promise<readonly (Port | FreePort)[]> {
  const own = (await instances.list({ projectId })).filter(({ id }) => matches(id, deviceIds));
  const free = matches("", deviceIds) ? await instances.freePorts(projectId) : [];
  return [...(await Promise.all(own.map(({ id }) => instances.ports(id)))).flat(), ...free];
}

type Filter = string | readonly string[] | undefined;

function matches(value: string, filter: Filter): boolean {
  return filter === undefined || [filter].flat().includes(value);
}

function isAmong(
  thing: Pick<Network, "id" | "name">,
  { id, name }: { readonly id?: Filter; readonly name?: Filter },
): boolean {
  return matches(thing.id, id) && matches(thing.name, name);
}

/** Throws NOT_FOUND, also when it belongs to another project. Clients then ask for the name. */
function findIn<T extends { readonly id: string }>(things: readonly T[], id: string, kind: string): T {
  const found = things.find((thing) => thing.id === id);
  if (found === undefined) throw new ApiError("NOT_FOUND", `There is no ${kind} ${id}`);
  return found;
}
