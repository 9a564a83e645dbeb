import type { CardRequest, InventoryRepository, Requester } from "@nova-agent/host";
import { ApiError } from "../../errors.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { assertFree } from "./assert-free.ts";
import type { ServerRequest } from "./create-request.ts";

type WantedNetwork = Exclude<ServerRequest["networks"], string | undefined>[number];

/**
 * The network cards of a new server. Who names no network gets every one that all projects share, or else
 * the project's only one. Throws CONFLICT when that is not clear, or a port is in use, and BAD_REQUEST for
 * what is not there (nova, compute/api.py, PortInUse and PortNotFound).
 */
export async function chooseCards(
  options: ComputeOptions,
  requester: Requester,
  { networks: wanted, count }: { readonly networks: ServerRequest["networks"]; readonly count: number },
): Promise<readonly CardRequest[]> {
  if (wanted === "none") return [];
  if (wanted === undefined || wanted === "auto" || wanted.length === 0) {
    const ids = await defaultNetworks(options.database.inventory, requester.projectId);
    return ids.map((networkId) => ({ networkId }));
  }
  const cards = wanted.map(cardOf);
  assertOnce(cards, count);
  for (const { portId } of cards) {
    if (portId !== undefined) await assertFree(options, requester, { portId, code: "BAD_REQUEST" });
  }
  return cards;
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

/** A port has its network and its addresses already. */
function cardOf({ uuid, port, fixed_ip: fixedIp }: WantedNetwork): CardRequest {
  if (typeof port === "string") {
    if (typeof fixedIp !== "string") return { portId: port };
    const text = `Specified Fixed IP '${fixedIp}' cannot be used with port '${port}'`;
    throw new ApiError("BAD_REQUEST", `${text}: the two cannot be specified together.`);
  }
  if (uuid !== undefined) return { networkId: uuid, fixedIp: fixedIp ?? undefined };
  throw new ApiError("BAD_REQUEST", "Invalid input for networks. Each needs the uuid of a network or a port");
}

/** A port, and an address, is one server's alone (nova, exception.py, MultiplePortsNotApplicable). */
function assertOnce(cards: readonly CardRequest[], count: number): void {
  const ports = cards.flatMap(({ portId }) => (portId === undefined ? [] : [portId]));
  if (count > 1 && cards.some((card) => card.portId !== undefined || card.fixedIp !== undefined)) {
    const text = "Unable to launch multiple instances with a single configured port ID or address";
    throw new ApiError("BAD_REQUEST", `${text}. Please launch them one by one with different ones.`);
  }
  if (new Set(ports).size < ports.length) {
    throw new ApiError("BAD_REQUEST", "Invalid input for networks. A port is named twice");
  }
}
