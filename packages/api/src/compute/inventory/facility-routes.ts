import type { Instance, Requester } from "@nova-agent/host";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { FILE_MAX_BYTES, FILE_PATH_MAX_CHARACTERS, FILES_MAX, METADATA_ITEMS_MAX } from "../limits.ts";

const UNLIMITED = -1;

/** What there is around servers. */
export function facilityRoutes(options: ComputeOptions): readonly Route[] {
  return [showLimits(options), ...zoneRoutes(), listAgents(), ...networkRoutes(options)];
}

function showLimits(options: ComputeOptions): Route {
  return route({
    name: "showLimits",
    method: "GET",
    path: "/v2.1/limits",
    summary: "Show how much the project may have, and has",
    role: "reader",
    handle: async ({ requester }) => ({
      body: { limits: { rate: [], absolute: { ...maxima, ...(await countUse(options, requester)) } } },
    }),
  });
}

/** There are no quotas but those of single requests (nova api-ref, "Limits (limits)"). */
const maxima = {
  maxServerMeta: METADATA_ITEMS_MAX,
  maxImageMeta: METADATA_ITEMS_MAX,
  maxPersonality: FILES_MAX,
  maxPersonalitySize: FILE_MAX_BYTES,
  maxTotalInstances: UNLIMITED,
  maxTotalCores: UNLIMITED,
  maxTotalRAMSize: UNLIMITED,
  maxTotalKeypairs: UNLIMITED,
  maxServerGroups: 0,
  maxServerGroupMembers: 0,
  maxPersonalityPath: FILE_PATH_MAX_CHARACTERS,
} as const;

async function countUse({ database }: ComputeOptions, { projectId }: Requester): Promise<object> {
  const flavors = new Map((await database.inventory.flavors()).map((flavor) => [flavor.id, flavor]));
  const instances: readonly Instance[] = await database.instances.list({ projectId });
  const used = instances.map(({ flavorId }) => flavors.get(flavorId));
  return {
    totalInstancesUsed: instances.length,
    totalCoresUsed: used.reduce((sum, flavor) => sum + (flavor?.vcpus ?? 0), 0),
    totalRAMUsed: used.reduce((sum, flavor) => sum + (flavor?.ramMib ?? 0), 0),
    totalServerGroupsUsed: 0,
  };
}

/** There is one zone, and it is there. */
function zoneRoutes(): readonly Route[] {
  const zone = { zoneName: "nova", zoneState: { available: true }, hosts: null };
  const row = { method: "GET", handle: () => ({ body: { availabilityZoneInfo: [zone] } }) } as const;
  return [
    route({
      ...row,
      name: "listZones",
      path: "/v2.1/os-availability-zone",
      summary: "List the availability zones",
      role: "reader",
    }),
    route({
      ...row,
      name: "listZonesDetailed",
      path: "/v2.1/os-availability-zone/detail",
      summary: "List the availability zones, for administrators",
      role: "admin",
    }),
  ];
}

/** Nova's list of agents to be installed; there are none here: packages install them. */
function listAgents(): Route {
  return route({
    name: "listAgentBuilds",
    method: "GET",
    path: "/v2.1/os-agents",
    summary: "List the agents that guests are updated to: none",
    role: "reader",
    handle: () => ({ body: { agents: [] } }),
  });
}

/** Networks as Rackspace's clients know them (Rackspace Cloud Servers, "Networks API operations"). */
function networkRoutes({ database }: ComputeOptions): readonly Route[] {
  return [
    route({
      name: "listNetworks",
      method: "GET",
      path: "/v2.1/os-networksv2",
      summary: "List the networks of the project, as Rackspace has them",
      role: "reader",
      handle: async ({ requester }) => {
        const networks = await database.inventory.networks(requester.projectId);
        return { body: { networks: networks.map(({ id, name, cidr }) => ({ id, label: name, cidr })) } };
      },
    }),
  ];
}
