import type { Instance, Port, Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import type { Microversion } from "../../microversion.ts";
import { subnetId } from "../../network/subnet.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { id } from "../schemas.ts";
import { assertFree } from "./assert-free.ts";
import { defaultNetworks } from "./choose-cards.ts";
import { findServer } from "./load-servers.ts";

const path = "/v2.1/servers/:id/os-interface";

const attachment = z.object({
  net_id: z.optional(id),
  port_id: z.optional(id),
  fixed_ips: z.optional(
    z.array(z.object({ ip_address: z.union([z.ipv4(), z.ipv6()]) })).check(z.minLength(1), z.maxLength(1)),
  ),
});

/** A network card as Nova shows it (nova api-ref, "Port interfaces"). */
export function viewInterface(port: Port, microversion: Microversion): object {
  return {
    port_state: "ACTIVE",
    port_id: port.id,
    net_id: port.networkId,
    mac_addr: port.mac,
    fixed_ips: port.fixedIps.map(({ address }) => ({
      subnet_id: subnetId(port.networkId, address.includes(":") ? 6 : 4),
      ip_address: address,
    })),
    ...(microversion >= 70 ? { tag: null } : {}),
  };
}

/** The network cards of servers. */
export function interfaceRoutes(options: ComputeOptions): readonly Route[] {
  return [
    listInterfaces(options),
    showInterface(options),
    attachInterface(options),
    detachInterface(options),
  ];
}

function listInterfaces(options: ComputeOptions): Route {
  return route({
    name: "listInterfaces",
    method: "GET",
    path,
    summary: "List the network cards of a server",
    role: "reader",
    handle: async ({ requester, params, microversion }) => {
      const instance = await findServer(options, requester, params.id);
      const ports = await options.database.instances.ports(instance.id);
      return { body: { interfaceAttachments: ports.map((port) => viewInterface(port, microversion)) } };
    },
  });
}

function showInterface(options: ComputeOptions): Route {
  return route({
    name: "showInterface",
    method: "GET",
    path: `${path}/:portId`,
    summary: "Show a network card of a server",
    role: "reader",
    handle: async ({ requester, params, microversion }) => {
      const instance = await findServer(options, requester, params.id);
      const port = await findPortOf(options, instance, params.portId);
      return { body: { interfaceAttachment: viewInterface(port, microversion) } };
    },
  });
}

function attachInterface(options: ComputeOptions): Route {
  return route({
    name: "attachInterface",
    method: "POST",
    path,
    summary: "Give a server a network card; answered when its guest uses it, or with the reason why not",
    role: "member",
    body: z.object({ interfaceAttachment: attachment }),
    handle: async ({ requester, params, body, microversion }) => {
      const instance = await findServer(options, requester, params.id);
      const { net_id: networkId, port_id: portId, fixed_ips: fixedIps } = body.interfaceAttachment;
      if (portId !== undefined) await assertFree(options, requester, { portId, code: "NOT_FOUND" });
      const wanted =
        portId === undefined
          ? {
              networkId: networkId ?? (await onlyNetwork(options, requester)),
              fixedIp: fixedIps?.[0]?.ip_address,
            }
          : { portId };
      const port = await options.instances.attachInterface(requester, instance.id, wanted);
      return { body: { interfaceAttachment: viewInterface(port, microversion) } };
    },
  });
}

function detachInterface(options: ComputeOptions): Route {
  return route({
    name: "detachInterface",
    method: "DELETE",
    path: `${path}/:portId`,
    summary: "Take a network card away; answered when the guest does without it, or with the reason why not",
    role: "member",
    success: 202,
    handle: async ({ requester, params }) => {
      const instance = await findServer(options, requester, params.id);
      await options.instances.detachInterface(requester, instance.id, params.portId);
      return {};
    },
  });
}

/** The port, if it is the instance's. Throws NOT_FOUND. */
async function findPortOf({ database }: ComputeOptions, instance: Instance, portId: string): Promise<Port> {
  const ports = await database.instances.ports(instance.id);
  const port = ports.find((candidate) => candidate.id === portId);
  if (port !== undefined) return port;
  throw new ApiError("NOT_FOUND", `No interface with the port ID ${portId} on instance ${instance.id}`);
}

async function onlyNetwork({ database }: ComputeOptions, { projectId }: Requester): Promise<string> {
  const [networkId, more] = await defaultNetworks(database.inventory, projectId);
  if (networkId !== undefined && more === undefined) return networkId;
  throw new ApiError("BAD_REQUEST", "Invalid input for interfaceAttachment. Which network? Give its net_id");
}
