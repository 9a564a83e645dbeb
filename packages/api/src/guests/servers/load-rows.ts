import type { Flavor, Image, Instance, InstanceFilter, OperationHead, Port } from "@nova-agent/host";
import { PAGE_MAX } from "../../limits.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { SERVERS_MAX } from "../limits.ts";

/** What a row of the list of servers is made of. */
export interface RowParts {
  readonly instance: Instance;
  readonly image: Image | undefined;
  /** What runs in it: its own image, or the one that it is rescued with. */
  readonly running: Image | undefined;
  readonly flavor: Flavor | undefined;
  readonly ports: readonly Port[];
  /** The newest one that is unfinished. */
  readonly operation: OperationHead | undefined;
}

/** The instances of a list, the newest first. */
export async function listInstances(
  { database }: Pick<GuestsOptions, "database">,
  filter: Pick<InstanceFilter, "projectId" | "ids">,
): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  while (found.length < SERVERS_MAX) {
    const marker = found.at(-1)?.id;
    const page = await database.instances.list({ ...filter, marker, limit: PAGE_MAX });
    found.push(...page);
    if (page.length < PAGE_MAX) break;
  }
  return found;
}

/** Reads what belongs to instances, in the same few statements however many there are. */
export async function loadRows(
  { database }: Pick<GuestsOptions, "database">,
  instances: readonly Instance[],
): Promise<readonly RowParts[]> {
  const ids = instances.map(({ id }) => id);
  const [imageList, flavorList, ports, operations] = await Promise.all([
    database.inventory.images(),
    database.inventory.flavors(),
    database.instances.portsOf(ids),
    database.overview.newestUnfinished(ids),
  ]);
  const images = new Map(imageList.map((image) => [image.id, image]));
  const flavors = new Map(flavorList.map((flavor) => [flavor.id, flavor]));
  return instances.map((instance) => ({
    instance,
    image: images.get(instance.imageId),
    running: images.get(instance.rescueImageId ?? instance.imageId),
    flavor: flavors.get(instance.flavorId),
    ports: ports.get(instance.id) ?? [],
    operation: operations.get(instance.id),
  }));
}
