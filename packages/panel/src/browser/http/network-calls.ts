import {
  type GuestNetwork,
  networkAnswer,
  type NetworkChange,
  type NetworkPreview,
  previewAnswer,
} from "../model/guest-network.ts";
import { joinNetworks, type Network, networksAnswer, subnetsAnswer } from "../model/inventory.ts";
import type { ApiClient } from "./api-client.ts";
import { computePath, guestPath } from "./server-paths.ts";

/** What is done with the networks of servers, by the Compute API (nova api-ref, "Port interfaces") and ours. */

type Getter = Pick<ApiClient, "get">;
type Sender = Pick<ApiClient, "send">;
type Asker = Pick<ApiClient, "ask">;

/** The last that has the actions for single addresses. */
const ADDRESS_ACTIONS_VERSION = "2.43";

/** The networks that a server can be in. */
export async function readNetworks(client: Getter, signal: AbortSignal): Promise<readonly Network[]> {
  const [{ networks }, { subnets }] = await Promise.all([
    client.get("/network/v2.0/networks", networksAnswer, signal),
    client.get("/network/v2.0/subnets", subnetsAnswer, signal),
  ]);
  return joinNetworks(networks, subnets);
}

export async function readGuestNetwork(
  client: Getter,
  id: string,
  signal: AbortSignal,
): Promise<GuestNetwork> {
  return (await client.get(`${guestPath(id)}/network`, networkAnswer, signal)).network;
}

/** What a change would do. It changes nothing. */
export async function previewChange(
  client: Asker,
  id: string,
  change: NetworkChange,
): Promise<NetworkPreview> {
  const answer = previewAnswer;
  return (await client.ask("POST", `${guestPath(id)}/network/preview`, { body: change, answer })).preview;
}

/** Resolves when the guest uses the new card; nothing is left of it when the guest refuses. */
export async function attachNetwork(
  client: Sender,
  id: string,
  { networkId, address }: { readonly networkId: string; readonly address: string | null },
): Promise<void> {
  const fixedIps = address === null ? {} : { fixed_ips: [{ ip_address: address }] };
  await client.send("POST", `${computePath(id)}/os-interface`, {
    interfaceAttachment: { net_id: networkId, ...fixedIps },
  });
}

/** Resolves when the guest does without the card. */
export async function detachPort(client: Sender, id: string, portId: string): Promise<void> {
  await client.send("DELETE", `${computePath(id)}/os-interface/${encodeURIComponent(portId)}`);
}

/** One more IPv4 address for the card in a network: whichever is free. */
export async function addAddress(client: Sender, id: string, networkId: string): Promise<void> {
  const body = { addFixedIp: { networkId } };
  await client.send("POST", `${computePath(id)}/action`, body, { version: ADDRESS_ACTIONS_VERSION });
}

export async function removeAddress(client: Sender, id: string, address: string): Promise<void> {
  const body = { removeFixedIp: { address } };
  await client.send("POST", `${computePath(id)}/action`, body, { version: ADDRESS_ACTIONS_VERSION });
}
