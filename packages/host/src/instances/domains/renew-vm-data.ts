import { XenstoreError } from "@nova-agent/xenstore";
import { writeVmData } from "../../domain-vm-data.ts";
import { ifPresent } from "../../domains.ts";
import { translateXenstoreError } from "../../model/exchange-errors.ts";
import { parseVmPath } from "../../model/guest-identity.ts";
import { domainPath, DOMAINS_PATH, parseDomid, vmPath } from "../../model/guest-paths.ts";
import { findImage, vmDataOf } from "./domains-of-instances.ts";
import type { Instance } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";

/** Whether a domain has been seen to, has nothing to see to yet, or is to be looked at again after a while. */
type Outcome = "seen" | "notYet" | "later";

/**
 * Writes the `vm-data` of domains that came without it: a guest that reboots by itself gets its next domain
 * from xl(1), which knows nothing of `vm-data`, and so does one that somebody starts in dom0. The guest
 * boots meanwhile, and its agent finds it. `seen` has the domids that need not be looked at again. Returns
 * whether to look again after a while.
 */
export async function renewVmData(context: InstanceContext, seen: Set<number>): Promise<boolean> {
  const names = (await ifPresent(context.xenstore.list(DOMAINS_PATH))) ?? [];
  const domids = new Set(names.map(parseDomid).filter((domid) => domid !== undefined));
  for (const domid of seen) if (!domids.has(domid)) seen.delete(domid);
  let isLeft = false;
  for (const domid of domids) {
    if (domid === 0 || seen.has(domid)) continue;
    const outcome = await renewDomain(context, domid);
    if (outcome === "seen") seen.add(domid);
    if (outcome === "later") isLeft = true;
  }
  return isLeft;
}

async function renewDomain(context: InstanceContext, domid: number): Promise<Outcome> {
  const { xenstore, database, log } = context;
  const uuid = parseVmPath((await ifPresent(xenstore.readText(vmPath(domid)))) ?? "");
  if (uuid === undefined) return "notYet";
  if (await hasVmData(context, domid)) return "seen";
  const instance = await database.instances.find(uuid);
  if (instance === undefined || instance.deletedAt !== null) return "seen";
  // Whatever is being done writes it, or ends the domain.
  if (instance.taskState !== null) return "later";
  try {
    await writeWanted(context, { instance, domid });
  } catch (error) {
    // It has ended.
    if (error instanceof XenstoreError && error.code === "ENOENT") return "seen";
    throw error;
  }
  log.info("A domain came without vm-data and has it again", { instanceId: uuid, domid });
  return "seen";
}

/** Writes the `vm-data` of a running domain of an instance, where it came without it. */
export async function completeVmData(
  context: InstanceContext,
  place: { readonly instance: Instance; readonly domid: number },
): Promise<void> {
  const { domid } = place;
  try {
    if (!(await hasVmData(context, domid))) await writeWanted(context, place);
  } catch (error) {
    throw translateXenstoreError(error, { domid });
  }
}

function hasVmData({ xenstore }: InstanceContext, domid: number): Promise<boolean> {
  return xenstore.exists(`${domainPath(domid)}/vm-data/hostname`);
}

async function writeWanted(
  context: InstanceContext,
  { instance, domid }: { readonly instance: Instance; readonly domid: number },
): Promise<void> {
  const { rescueImageId, imageId } = instance;
  const boot = rescueImageId === null ? "own" : "rescue";
  const image = await findImage(context, rescueImageId ?? imageId);
  await writeVmData(context.xenstore, domid, await vmDataOf(context, instance, { boot, image }));
}
