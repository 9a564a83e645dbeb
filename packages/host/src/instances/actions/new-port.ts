import { HostError } from "../../errors.ts";
import { firstFree, isForHosts, parseAddress, parseBlock, renderAddress } from "../addresses.ts";
import type { FixedIp, FreePort, Port } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Network } from "../inventory.ts";

/** How often somebody else may be quicker with an address, or have the MAC address. */
const ADDRESS_ATTEMPTS_MAX = 16;

/** The first half of every MAC address: Xen's own (IEEE, OUI 00-16-3E). */
const XEN_OUI = "00:16:3e";

/** What of the context new network cards need. */
export type PortContext = Pick<InstanceContext, "newId"> & {
  readonly database: Pick<InstanceContext["database"], "instances">;
};

/** What a new network card is to be. */
export interface WantedCard {
  readonly network: Network;
  /** Undefined for a free one of each family. */
  readonly fixedIp?: string | undefined;
}

/** What a new network card of an instance is to be. */
export interface WantedPort extends WantedCard {
  readonly instanceId: string;
  /** Without it the lowest that is free. */
  readonly index?: number | undefined;
}

/**
 * Gives the instance a network card with an address of each family. Throws NO_ADDRESS_LEFT, BAD_ARGUMENT
 * for an address that is not one of the network's, and ADDRESS_TAKEN for one that is in use.
 */
export async function addPort(context: PortContext, wanted: WantedPort): Promise<Port> {
  const { instances } = context.database;
  const { instanceId, index } = wanted;
  return insertCard(context, wanted, async (card) => {
    const port = { ...card, instanceId, index: index ?? freeIndex(await instances.ports(instanceId)) };
    await instances.insertPort(port);
    return port;
  });
}

/** Makes a network card with an address of each family by itself. Throws what `addPort` throws. */
export async function addFreePort(
  context: PortContext,
  { projectId, name, ...wanted }: WantedCard & Pick<FreePort, "projectId" | "name">,
): Promise<FreePort> {
  return insertCard(context, wanted, async (card) => {
    const port = { ...card, projectId, name };
    await context.database.instances.insertFreePort(port);
    return port;
  });
}

/** Inserts a card with what is free, and with what else is free when somebody else was quicker. */
async function insertCard<Inserted>(
  context: PortContext,
  wanted: WantedCard,
  insert: (card: Pick<Port, "id" | "networkId" | "mac" | "fixedIps">) => Promise<Inserted>,
): Promise<Inserted> {
  const id = context.newId();
  for (let attempt = 1; ; attempt += 1) {
    const mac = macFrom(context.newId());
    const fixedIps = await chooseAddresses(context, wanted);
    try {
      return await insert({ id, networkId: wanted.network.id, mac, fixedIps });
    } catch (error) {
      const isTaken = error instanceof HostError && error.code === "ADDRESS_TAKEN";
      if (!isTaken || wanted.fixedIp !== undefined || attempt === ADDRESS_ATTEMPTS_MAX) throw error;
    }
  }
}

/** A free address of the network, of each family that it has. Throws NO_ADDRESS_LEFT. */
export async function freeAddresses(
  { database }: Pick<PortContext, "database">,
  network: Network,
): Promise<readonly FixedIp[]> {
  const used = await usedAddresses(database.instances, network);
  const cidrs = network.cidr6 === undefined ? [network.cidr] : [network.cidr, network.cidr6];
  return cidrs.map((cidr) => {
    const block = parseBlock(cidr);
    const address = firstFree(block, used);
    if (address !== undefined) return { address, prefixLength: block.prefixLength };
    throw new HostError("NO_ADDRESS_LEFT", `Network ${network.name} has no address left in ${cidr}`);
  });
}

/**
 * The addresses that a new card of the network would have now; nobody keeps them for it. Throws
 * NO_ADDRESS_LEFT, BAD_ARGUMENT and ADDRESS_TAKEN.
 */
export async function chooseAddresses(
  context: Pick<PortContext, "database">,
  { network, fixedIp }: WantedCard,
): Promise<readonly FixedIp[]> {
  if (fixedIp === undefined) return freeAddresses(context, network);
  const address = parseAddress(fixedIp);
  const cidr = address?.family === 6 ? network.cidr6 : network.cidr;
  const block = cidr === undefined ? undefined : parseBlock(cidr);
  if (address === undefined || block === undefined || !isForHosts(address, block)) {
    const text = `Address ${JSON.stringify(fixedIp)} is not one for hosts of network ${network.name}`;
    throw new HostError("BAD_ARGUMENT", text);
  }
  const canonical = renderAddress(address);
  if ((await usedAddresses(context.database.instances, network)).includes(canonical)) {
    throw new HostError("ADDRESS_TAKEN", `Address ${canonical} of network ${network.name} is in use`);
  }
  return [{ address: canonical, prefixLength: block.prefixLength }];
}

/** Those of instances, of the routers and of the name servers. */
async function usedAddresses(
  instances: InstanceContext["database"]["instances"],
  { id, gateway, gateway6, dns, routes }: Network,
): Promise<readonly string[]> {
  const gateways = [gateway, gateway6, ...routes.map((route) => route.gateway)];
  const others = gateways.filter((address) => address !== undefined);
  return [...(await instances.usedAddresses(id)), ...others, ...dns];
}

/** The lowest index that no card of an instance has. */
export function freeIndex(ports: readonly Port[]): number {
  const used = new Set(ports.map(({ index }) => index));
  let index = 0;
  while (used.has(index)) index += 1;
  return index;
}

function macFrom(uuid: string): string {
  const digits = uuid.replaceAll("-", "").slice(-6).toLowerCase();
  return `${XEN_OUI}:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}
