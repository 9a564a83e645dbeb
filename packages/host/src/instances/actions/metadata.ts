import { HostError } from "../../errors.ts";
import type { MetadataChange } from "../../ports/repositories.ts";
import type { Requester } from "../../ports/requester.ts";
import { audit, findInstance } from "../action.ts";
import type { Instance } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import { writeVmData } from "../domains/live-vm-data.ts";
import { assertMayBegin } from "../states.ts";
import { metadataKey, metadataNode } from "../vm-data.ts";

/** Nova's rule for both (nova, compute/api.py, update_instance_metadata). */
const vmStates = ["active", "stopped"] as const;

type Metadata = Instance["metadata"];

interface Mirrored extends MetadataChange {
  readonly id: string;
}

/**
 * Sets items of the metadata, or with `isWhole` all of it, in the guest's `vm-data` too. Returns the
 * whole metadata.
 */
export async function setMetadata(
  context: InstanceContext,
  requester: Requester,
  change: { readonly id: string; readonly metadata: Metadata; readonly isWhole: boolean },
): Promise<Metadata> {
  const { id, metadata, isWhole } = change;
  return changeMetadata(context, requester, {
    id,
    method: "update metadata",
    decide: (former) => (isWhole ? metadata : { ...former, ...metadata }),
  });
}

/** Removes one item. Throws BAD_ARGUMENT when there is none. */
export async function removeMetadata(
  context: InstanceContext,
  requester: Requester,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<void> {
  await changeMetadata(context, requester, {
    id,
    method: "delete metadata",
    decide: (former) => {
      if (!Object.hasOwn(former, key)) throw new HostError("BAD_ARGUMENT", "Metadata item was not found");
      return Object.fromEntries(Object.entries(former).filter(([name]) => name !== key));
    },
  });
}

async function changeMetadata(
  context: InstanceContext,
  requester: Requester,
  change: {
    readonly id: string;
    readonly method: string;
    readonly decide: (former: Metadata) => Metadata;
  },
): Promise<Metadata> {
  const { id, method, decide } = change;
  const instance = await findInstance(context, requester, id);
  assertMayBegin(instance, { method, vmStates });
  const changed = await context.database.instances.changeMetadata(id, decide);
  if (changed === undefined) throw new HostError("NO_SUCH_INSTANCE", `Instance ${id} could not be found.`);
  // It has changed, whether or not a guest that runs gets to know it now.
  await audit(context, requester, { what: method, target: id, outcome: "done" });
  await mirror(context, { id, ...changed });
  return changed.metadata;
}

/**
 * Writes it to the guest; one that does not run gets it at its next start. What somebody else has changed
 * meanwhile is written again, so that whoever writes last leaves what the database has.
 */
async function mirror(context: InstanceContext, { id, ...change }: Mirrored): Promise<void> {
  for (let { former, metadata } = change; ;) {
    await writeItems(context, { id, former, metadata });
    const now = (await context.database.instances.find(id))?.metadata ?? metadata;
    if (JSON.stringify(now) === JSON.stringify(metadata)) return;
    [former, metadata] = [metadata, now];
  }
}

async function writeItems(context: InstanceContext, { id, former, metadata }: Mirrored): Promise<void> {
  const domain = await context.toolstack.find(id);
  if (domain === undefined) return;
  const nodes = new Map<string, string | undefined>([
    ...Object.keys(former).map((key) => [metadataKey(key), undefined] as const),
    ...Object.entries(metadata).map(metadataNode),
  ]);
  for (const [key, text] of nodes) {
    await writeVmData(context, domain.domid, { path: `user-metadata/${key}`, text });
  }
}
