import type { InventoryRepository } from "@nova-agent/host";
import { ApiError } from "../../errors.ts";
import type { ServerRequest } from "./create-request.ts";

/**
 * The networks of a new server. Who names none gets every network that all projects share, or else the
 * project's only one. Throws CONFLICT when that is not clear, and BAD_REQUEST for what is not offered.
 */
export async function chooseNetworks(
  inventory: InventoryRepository,
  wanted: ServerRequest["networks"],
  projectId: string,
): Promise<readonly string[]> {
  if (wanted === "none") return [];
  if (wanted === undefined || wanted === "auto" || wanted.length === 0) {
    return defaultNetworks(inventory, projectId);
  }
  return wanted.map(({ uuid, port, fixed_ip: fixedIp }) => {
    if (typeof port === "string") {
      throw new ApiError(
        "BAD_REQUEST",
        `Port ${port} could not be found: ports come to be with their server`,
      );
    }
    if (typeof fixedIp === "string") {
      throw new ApiError("BAD_REQUEST", "Invalid input for networks. A new server gets free addresses");
    }
    if (uuid !== undefined) return uuid;
    throw new ApiError("BAD_REQUEST", "Invalid input for networks. Each needs the uuid of a network");
  });
}

/** Throws CONFLICT when there are several that are not for all (nova, api.py, NetworkAmbiguous). */
export async function defaultNetworks(
  inventory: InventoryRepository,
  projectId: string,
): Promise<readonly string[]> {
  const networks = await inventory.networks(projectId);
  const shared = networks.filter((network) => network.projectId === undefined);
  const chosen = shared.length > 0 ? shared : networks;
  if (shared.length === 0 && chosen.length > 1) {
    throw new ApiError("CONFLICT", "Multiple possible networks found, use a Network ID to be more specific.");
  }
  return chosen.map(({ id }) => id);
}
