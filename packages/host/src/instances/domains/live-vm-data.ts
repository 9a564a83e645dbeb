import { ifPresent } from "../../domains.ts";
import { HostError } from "../../errors.ts";
import { translateXenstoreError } from "../../model/exchange-errors.ts";
import { domainPath } from "../../model/guest-paths.ts";
import type { DomainInfo } from "../../ports/toolstack.ts";
import { attachedPorts } from "./domains-of-instances.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Instance } from "../instance.ts";
import { networkingNode } from "../vm-data.ts";

/** The domain of an instance that should have one. Throws NO_SUCH_DOMAIN. */
export async function runningDomain({ toolstack }: InstanceContext, id: string): Promise<DomainInfo> {
  const domain = await toolstack.find(id);
  if (domain !== undefined) return domain;
  throw new HostError("NO_SUCH_DOMAIN", `Instance ${id} has no domain on its host: it has just ended`);
}

/**
 * Whether the instance has a guest to be told of changes: by its state, or by the host, where a domain that
 * came back by itself may not have been noted yet.
 */
export async function hasGuest(
  { toolstack }: InstanceContext,
  { id, vmState }: Pick<Instance, "id" | "vmState">,
): Promise<boolean> {
  return vmState === "active" || (await toolstack.find(id)) !== undefined;
}

/** A node below `vm-data`; without a text it is to be none. */
export interface VmDataNode {
  readonly path: string;
  readonly text: string | undefined;
}

/** Writes one node below `vm-data` of a running domain, or removes it where there is no text. */
export async function writeVmData(
  { xenstore }: InstanceContext,
  domid: number,
  node: VmDataNode,
): Promise<void> {
  const path = `${domainPath(domid)}/vm-data/${node.path}`;
  try {
    if (node.text === undefined) await ifPresent(xenstore.remove(path));
    else await xenstore.write(path, node.text);
  } catch (error) {
    throw translateXenstoreError(error, { domid });
  }
}

/** Makes `vm-data/networking` of a running domain what the database says, no more and no less. */
export async function writeNetworking(
  context: InstanceContext,
  { id, domid }: { readonly id: string; readonly domid: number },
): Promise<void> {
  const nodes = new Map((await attachedPorts(context, id)).map(networkingNode));
  const directory = `${domainPath(domid)}/vm-data/networking`;
  const former = await listNodes(context, { directory, domid });
  for (const key of new Set([...nodes.keys(), ...former])) {
    await writeVmData(context, domid, { path: `networking/${key}`, text: nodes.get(key) });
  }
}

async function listNodes(
  { xenstore }: InstanceContext,
  { directory, domid }: { readonly directory: string; readonly domid: number },
): Promise<readonly string[]> {
  try {
    return (await ifPresent(xenstore.list(directory))) ?? [];
  } catch (error) {
    throw translateXenstoreError(error, { domid });
  }
}
