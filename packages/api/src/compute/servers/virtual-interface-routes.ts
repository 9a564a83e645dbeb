import type { Port } from "@nova-agent/host";
import * as z from "zod/mini";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { id } from "../schemas.ts";
import { findServer, loadServers } from "./load-servers.ts";

const path = "/v2.1/servers/:id/os-virtual-interfacesv2";

/** The network cards of servers as Rackspace's clients know them (Rackspace Cloud Servers, "Networks API operations"). */
export function virtualInterfaceRoutes(options: ComputeOptions): readonly Route[] {
  return [listVirtualInterfaces(options), createVirtualInterface(options), deleteVirtualInterface(options)];
}

/** One network card, with the name of its network. */
export function viewVirtualInterface(port: Port, networkName: string): object {
  return {
    id: port.id,
    mac_address: port.mac,
    ip_addresses: port.fixedIps.map(({ address }) => ({
      address,
      network_id: port.networkId,
      network_label: networkName,
    })),
  };
}

function listVirtualInterfaces(options: ComputeOptions): Route {
  return route({
    name: "listVirtualInterfaces",
    method: "GET",
    path,
    summary: "List the network cards of a server, as Rackspace has them",
    role: "reader",
    handle: async ({ requester, params }) => {
      const [parts] = await loadServers(options, [await findServer(options, requester, params.id)]);
      const { ports = [], networkNames } = parts ?? {};
      const nameOf = ({ networkId }: Port): string => networkNames?.get(networkId) ?? networkId;
      return { body: { virtual_interfaces: ports.map((port) => viewVirtualInterface(port, nameOf(port))) } };
    },
  });
}

function createVirtualInterface(options: ComputeOptions): Route {
  return route({
    name: "createVirtualInterface",
    method: "POST",
    path,
    summary: "Give a server a network card, as Rackspace does",
    role: "member",
    body: z.object({ virtual_interface: z.object({ network_id: id }) }),
    handle: async ({ requester, params, body }) => {
      const instance = await findServer(options, requester, params.id);
      const networkId = body.virtual_interface.network_id;
      const port = await options.instances.attachInterface(requester, instance.id, { networkId });
      const network = await options.database.inventory.findNetwork(networkId);
      return { body: { virtual_interfaces: [viewVirtualInterface(port, network?.name ?? networkId)] } };
    },
  });
}

function deleteVirtualInterface(options: ComputeOptions): Route {
  return route({
    name: "deleteVirtualInterface",
    method: "DELETE",
    path: `${path}/:portId`,
    summary: "Take a network card away, as Rackspace does",
    role: "member",
    handle: async ({ requester, params }) => {
      const instance = await findServer(options, requester, params.id);
      await options.instances.detachInterface(requester, instance.id, params.portId);
      return {};
    },
  });
}
