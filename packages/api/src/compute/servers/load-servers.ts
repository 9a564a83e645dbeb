import type { Instance, Requester } from "@nova-agent/host";
import { ApiError } from "../../errors.ts";
import type { ComputeOptions } from "../compute-options.ts";
import type { ServerParts } from "./view-server.ts";

/** The instance of a path's id. Throws NO_SUCH_INSTANCE for one that the requester may not know of. */
export async function findServer(
  { instances }: Pick<ComputeOptions, "instances">,
  requester: Requester,
  id: string,
): Promise<Instance> {
  // Clients try names where an id belongs, and go on to the list when there is none.
  const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
  if (!isUuid) throw new ApiError("NOT_FOUND", `Instance ${id.slice(0, 255)} could not be found.`);
  return instances.find(requester, id);
}

/** What servers show besides their instance. */
export async function loadServers(
  { database }: Pick<ComputeOptions, "database">,
  instances: readonly Instance[],
): Promise<readonly ServerParts[]> {
  const { inventory } = database;
  const [flavors, ports] = await Promise.all([
    inventory.flavors(),
    database.instances.portsOf(instances.map(({ id }) => id)),
  ]);
  const networkIds = new Set([...ports.values()].flat().map(({ networkId }) => networkId));
  const networks = await Promise.all([...networkIds].map((id) => inventory.findNetwork(id)));
  const named = networks.filter((network) => network !== undefined);
  const networkNames = new Map(named.map(({ id, name }) => [id, name]));
  return instances.map((instance) => ({
    instance,
    ports: ports.get(instance.id) ?? [],
    flavor: flavors.find(({ id }) => id === instance.flavorId),
    networkNames,
  }));
}
