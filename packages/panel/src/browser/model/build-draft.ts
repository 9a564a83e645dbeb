import { addressProblem } from "./address.ts";
import type { Inventory, Network } from "./inventory.ts";
import { checkItem, type MetadataFaults } from "./metadata.ts";
import type { Server } from "./server.ts";

/** Limits of the Compute API (nova.conf, [quota]; nova api-ref, "Create Server"). */
const NAME_MAX_CHARACTERS = 255;
const FILE_MAX_BYTES = 10_240;
const PATH_MAX_CHARACTERS = 255;
const NETWORKS_MAX = 8;
export const FILES_MAX = 5;

export interface DraftNetwork {
  readonly id: string;
  /** Empty for whichever is free. */
  readonly address: string;
}

export interface DraftItem {
  readonly key: string;
  readonly value: string;
}

export interface DraftFile {
  readonly path: string;
  readonly content: string;
}

/** A server as it is asked for, without its password. */
export interface BuildDraft {
  readonly name: string;
  readonly imageId: string;
  readonly flavorId: string;
  readonly networks: readonly DraftNetwork[];
  /** Empty for none. */
  readonly keyName: string;
  readonly metadata: readonly DraftItem[];
  readonly files: readonly DraftFile[];
}

export interface FileFaults {
  readonly path: string | undefined;
  readonly content: string | undefined;
}

/** What is wrong with each field; nothing where it is undefined. */
export interface DraftFaults {
  readonly name: string | undefined;
  readonly image: string | undefined;
  readonly flavor: string | undefined;
  readonly networks: string | undefined;
  /** By the network's id. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly metadata: readonly MetadataFaults[];
  readonly files: readonly FileFaults[];
}

/** An empty form: what most servers are. */
export function newDraft({ images, flavors, networks }: Inventory): BuildDraft {
  return {
    name: "",
    imageId: images[0]?.id ?? "",
    flavorId: flavors[0]?.id ?? "",
    networks: networks.filter(({ shared }) => shared).map(({ id }) => ({ id, address: "" })),
    keyName: "",
    metadata: [],
    files: [],
  };
}

/** What a server was asked to be, as far as the service keeps it: addresses, password and files are not. */
export function draftOf(
  server: Pick<Server, "name" | "image" | "flavor" | "ports" | "key_name" | "metadata">,
): BuildDraft {
  const { name, image, flavor, ports, key_name: keyName, metadata } = server;
  return {
    name,
    imageId: image?.id ?? "",
    flavorId: flavor?.id ?? "",
    networks: ports.map(({ network: { id } }) => ({ id, address: "" })),
    keyName: keyName ?? "",
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    files: [],
  };
}

/** A draft without what there is no more. */
export function withoutGone(
  draft: BuildDraft,
  { images, flavors, networks, keyNames }: Inventory,
): BuildDraft {
  return {
    ...draft,
    imageId: isThere(images, draft.imageId) ? draft.imageId : (images[0]?.id ?? ""),
    flavorId: isThere(flavors, draft.flavorId) ? draft.flavorId : (flavors[0]?.id ?? ""),
    networks: draft.networks.filter(({ id }) => isThere(networks, id)),
    keyName: keyNames.includes(draft.keyName) ? draft.keyName : "",
  };
}

function isThere(list: readonly { readonly id: string }[], id: string): boolean {
  return list.some((each) => each.id === id);
}

/** Looks at a draft before it is sent. */
export function checkDraft(draft: BuildDraft, inventory: Inventory): DraftFaults {
  const image = inventory.images.find(({ id }) => id === draft.imageId);
  return {
    name: nameProblem(draft.name),
    image: image === undefined ? "Choose an image" : undefined,
    flavor: flavorProblem(draft, inventory),
    networks:
      draft.networks.length > NETWORKS_MAX ? `A server has at most ${NETWORKS_MAX} networks` : undefined,
    addresses: addressProblems(draft.networks, inventory.networks),
    metadata: draft.metadata.map((item, index) => itemProblems(item, draft.metadata.toSpliced(index))),
    files: draft.files.map(fileProblems),
  };
}

export function isFaultless({ addresses, metadata, files, ...rest }: DraftFaults): boolean {
  const those = [...addresses.values(), ...[...metadata, ...files].flatMap((each) => Object.values(each))];
  return [...those, ...Object.values(rest)].every((fault) => fault === undefined);
}

/** The body that asks for the server (nova api-ref, "Create Server", microversions 2.37 to 2.56). */
export function createBody(draft: BuildDraft, adminPass: string): object {
  const { name, imageId, flavorId, networks, keyName, metadata, files } = draft;
  return {
    server: {
      name,
      imageRef: imageId,
      flavorRef: flavorId,
      networks: networks.length === 0 ? "none" : networks.map(networkOf),
      metadata: Object.fromEntries(metadata.map(({ key, value }) => [key, value])),
      ...(keyName === "" ? {} : { key_name: keyName }),
      adminPass,
      ...(files.length === 0 ? {} : { personality: files.map(personalityOf) }),
    },
  };
}

function networkOf({ id, address }: DraftNetwork): object {
  return address.trim() === "" ? { uuid: id } : { uuid: id, fixed_ip: address.trim() };
}

function personalityOf({ path, content }: DraftFile): object {
  const bytes = new TextEncoder().encode(content);
  return { path, contents: btoa(String.fromCodePoint(...bytes)) };
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "A name is needed";
  if (name !== name.trim()) return "It begins or ends with a space";
  if (/\p{C}/u.test(name)) return "It holds a character that cannot be seen, such as a line break";
  return name.length > NAME_MAX_CHARACTERS
    ? `At most ${NAME_MAX_CHARACTERS} characters are possible: these are ${name.length}`
    : undefined;
}

function flavorProblem(
  { imageId, flavorId }: BuildDraft,
  { images, flavors }: Inventory,
): string | undefined {
  const flavor = flavors.find(({ id }) => id === flavorId);
  if (flavor === undefined) return "Choose a size";
  const image = images.find(({ id }) => id === imageId);
  if (image === undefined) return undefined;
  if (flavor.ram < image.min_ram) return `The image needs ${image.min_ram} MiB of memory`;
  return flavor.disk < image.min_disk ? `The image needs a disk of ${image.min_disk} GiB` : undefined;
}

function addressProblems(
  chosen: readonly DraftNetwork[],
  networks: readonly Network[],
): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  for (const { id, address } of chosen) {
    const blocks = networks.find((network) => network.id === id)?.blocks ?? [];
    const problem = address.trim() === "" ? undefined : addressProblem(address.trim(), blocks);
    if (problem !== undefined) problems.set(id, problem);
  }
  return problems;
}

function itemProblems(item: DraftItem, before: readonly DraftItem[]): MetadataFaults {
  const metadata = Object.fromEntries(before.map(({ key, value }) => [key, value]));
  return checkItem(item, { metadata, former: undefined });
}

function fileProblems({ path, content }: DraftFile): FileFaults {
  const size = new TextEncoder().encode(content).length;
  return {
    path: pathProblem(path),
    content:
      size > FILE_MAX_BYTES ? `At most ${FILE_MAX_BYTES} bytes are possible: these are ${size}` : undefined,
  };
}

function pathProblem(path: string): string | undefined {
  if (path === "") return "A path is needed, such as /etc/motd";
  if (path.length > PATH_MAX_CHARACTERS) return `At most ${PATH_MAX_CHARACTERS} characters are possible`;
  const isAbsolute = /^(?:\/[^/]|[A-Za-z]:\\.)/.test(path) && !/[/\\]$/.test(path);
  return isAbsolute ? undefined : "It must be the whole path of a file, such as /etc/motd";
}
