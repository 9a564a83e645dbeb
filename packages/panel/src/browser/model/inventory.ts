import * as z from "zod/mini";

/** What servers are made of (glance, nova and neutron api-ref): as much of each as a form needs. */

const image = z.object({
  id: z.string(),
  name: z.string(),
  min_disk: z.number(),
  min_ram: z.number(),
  os_type: z.optional(z.nullable(z.string())),
  /** "false" for an image without an agent, as Nova's driver knows it. */
  xenapi_use_agent: z.optional(z.string()),
  image_type: z.optional(z.string()),
});

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  ram: z.number(),
  disk: z.number(),
});

const network = z.object({ id: z.string(), name: z.string(), shared: z.boolean() });
const subnet = z.object({ network_id: z.string(), cidr: z.string() });

export const imageAnswer = image;
export const imagesAnswer = z.object({ images: z.array(image) });
export const flavorsAnswer = z.object({ flavors: z.array(flavor) });
export const networksAnswer = z.object({ networks: z.array(network) });
export const subnetsAnswer = z.object({ subnets: z.array(subnet) });
export const keyNamesAnswer = z.object({
  keypairs: z.array(z.object({ keypair: z.object({ name: z.string() }) })),
});

export type Image = z.output<typeof image>;
export type Flavor = z.output<typeof flavor>;

/** A network with the blocks that its addresses are of. */
export interface Network extends z.output<typeof network> {
  readonly blocks: readonly string[];
}

/** Everything that a new server can be made of. */
export interface Inventory {
  readonly images: readonly Image[];
  readonly flavors: readonly Flavor[];
  readonly networks: readonly Network[];
  readonly keyNames: readonly string[];
}

export function hasAgent({ xenapi_use_agent: useAgent }: Pick<Image, "xenapi_use_agent">): boolean {
  return useAgent !== "false";
}

/** Networks with the blocks of their subnets. */
export function joinNetworks(
  networks: z.output<typeof networksAnswer>["networks"],
  subnets: z.output<typeof subnetsAnswer>["subnets"],
): readonly Network[] {
  return networks.map((each) => ({
    ...each,
    blocks: subnets.filter(({ network_id: id }) => id === each.id).map(({ cidr }) => cidr),
  }));
}
