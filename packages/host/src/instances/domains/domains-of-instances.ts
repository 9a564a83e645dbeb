import { HostError } from "../../errors.ts";
import type { DomainInfo } from "../../ports/toolstack.ts";
import type { Instance } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Flavor, Image, Network } from "../inventory.ts";
import { type AttachedPort, renderVmData } from "../vm-data.ts";

/** What an instance boots: its own disk, or a rescue image. */
export type BootSource =
  | { readonly boot: "own"; readonly image: Image }
  | { readonly boot: "rescue"; readonly image: Image };

/** Makes the domain of an instance, with everything that the database knows of it in `vm-data`. */
export async function startDomain(
  context: InstanceContext,
  instance: Instance,
  source: BootSource,
): Promise<DomainInfo> {
  const { boot, image } = source;
  const [flavor, ports, vmData] = await Promise.all([
    findFlavor(context, instance.flavorId),
    attachedPorts(context, instance.id),
    vmDataOf(context, instance, source),
  ]);
  return context.toolstack.create({
    uuid: instance.id,
    name: instance.name,
    memoryMib: flavor.ramMib,
    vcpus: flavor.vcpus,
    boot,
    image: image.reference,
    vifs: ports.map(({ port, network }) => ({ index: port.index, mac: port.mac, bridge: network.bridge })),
    vmData,
  });
}

/** What a domain of the instance shall have in `vm-data`. */
export async function vmDataOf(
  context: InstanceContext,
  instance: Instance,
  { boot, image }: BootSource,
): Promise<Record<string, string>> {
  const ports = await attachedPorts(context, instance.id);
  const providerData = context.providerData ?? {};
  return renderVmData({ instance, image, ports, providerData, isRescue: boot === "rescue" });
}

/** The network cards of an instance with their networks, in their order. */
export async function attachedPorts(
  context: InstanceContext,
  instanceId: string,
): Promise<readonly AttachedPort[]> {
  const ports = await context.database.instances.ports(instanceId);
  const attached = ports.map(async (port) => ({ port, network: await findNetwork(context, port.networkId) }));
  return (await Promise.all(attached)).toSorted((left, right) => left.port.index - right.port.index);
}

/** Throws BAD_ARGUMENT when there is none. */
export async function findImage({ database }: InstanceContext, id: string): Promise<Image> {
  return orMissing(await database.inventory.findImage(id), `Image ${id}`);
}

/** Throws BAD_ARGUMENT when there is none. */
export async function findFlavor({ database }: InstanceContext, id: string): Promise<Flavor> {
  return orMissing(await database.inventory.findFlavor(id), `Flavor ${id}`);
}

/** Throws BAD_ARGUMENT when there is none, or the project may not use it. */
export async function findNetwork(
  { database }: { readonly database: Pick<InstanceContext["database"], "inventory"> },
  id: string,
  projectId?: string,
): Promise<Network> {
  const network = orMissing(await database.inventory.findNetwork(id), `Network ${id}`);
  const isForeign = projectId !== undefined && (network.projectId ?? projectId) !== projectId;
  return orMissing(isForeign ? undefined : network, `Network ${id}`);
}

function orMissing<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value;
  throw new HostError("BAD_ARGUMENT", `${what} could not be found.`);
}
