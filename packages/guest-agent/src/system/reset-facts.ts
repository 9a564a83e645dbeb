import { XenstoreError } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../commands/command.ts";
import {
  gatherWanted,
  understand,
  understandKey,
  type Understood,
  type WantedGuest,
} from "../network/wanted-guest.ts";
import { parseMac } from "../network/mac.ts";
import type { WantedLink } from "../network/wanted-link.ts";
import type { VirtualFunction } from "../network/wanted-network.ts";
import type { NetworkFacts } from "../os/backend.ts";
import { parseHostname } from "../os/hostname.ts";
import { readKernelNetwork } from "./kernel-facts.ts";
import { readNetworkFacts, readVifs, waitForVifs } from "./network-facts.ts";
import { rootFiles } from "./rooted-files.ts";
import type { System } from "./system.ts";

const NETWORKING_PATH = "vm-data/networking";
const HOSTNAME_PATH = "vm-data/hostname";
/** Where xapi tells of SR-IOV virtual functions, each with its `mac` (xen-api, "Network SR-IOV"). */
const FUNCTIONS_PATH = "xenserver/device/net-sriov-vf";
/** Looks at networks that come and go meanwhile. */
const NETWORKING_LOOKS_MAX = 3;

/** What the host wants of the guest, and what the guest is. */
export interface ResetFacts extends WantedGuest {
  readonly network: NetworkFacts;
}

/** The guest whose network it is: the running one, or the files of another one under `root`. */
export interface GuestSystem {
  readonly system: System;
  readonly root: string;
}

/** Reads what `vm-data` says. Throws what XenStore refuses but for an absence. */
export async function readWantedGuest(xenstore: XenstoreReader): Promise<WantedGuest> {
  const links = await readLinks(xenstore);
  const hostname = (await readIfThere(xenstore, HOSTNAME_PATH))?.trim() ?? "";
  const wanted = gatherWanted(
    links,
    understand(() => (hostname === "" ? undefined : parseHostname(hostname))),
  );
  const functions = await readFunctions(xenstore);
  return functions.length === 0 ? wanted : { ...wanted, functions };
}

async function readFunctions(xenstore: XenstoreReader): Promise<VirtualFunction[]> {
  const names = (await ifThere(xenstore.list(FUNCTIONS_PATH))) ?? [];
  const texts = await Promise.all(
    names.map((name) => readIfThere(xenstore, `${FUNCTIONS_PATH}/${name}/mac`)),
  );
  return texts.flatMap((text, at) => {
    const [mac, index] = [parseMac(text ?? ""), Number(names[at])];
    return mac === undefined || !Number.isSafeInteger(index) ? [] : [{ mac, index }];
  });
}

/** Reads what the guest is, once the wanted VIFs are there or were waited for. */
export async function readResetFacts(
  wanted: WantedGuest,
  { system, root }: GuestSystem,
): Promise<ResetFacts> {
  const files = rootFiles(system.files, root);
  await waitForVifs(
    wanted.links.map((link) => link.mac),
    { files, clock: system.clock, functions: wanted.functions ?? [] },
  );
  const kernel = root === "/" ? await readKernelNetwork(system) : undefined;
  const facts = readNetworkFacts(files, readVifs(files, wanted.functions));
  return { ...wanted, network: { ...facts, ...(kernel && { kernel }) } };
}

/** Every network that is listed, also one that cannot be read. */
async function readLinks(
  xenstore: XenstoreReader,
  looks = NETWORKING_LOOKS_MAX,
): Promise<Understood<WantedLink>[]> {
  const keys = (await ifThere(xenstore.list(NETWORKING_PATH))) ?? [];
  const texts = await Promise.all(keys.map((key) => readIfThere(xenstore, `${NETWORKING_PATH}/${key}`)));
  // A network may be detached between the list and the look at it; then the next list is without it.
  if (looks > 1 && texts.includes(undefined)) return readLinks(xenstore, looks - 1);
  return keys.map((key, index) => {
    const text = texts[index];
    return text === undefined ? unreadable(key) : understandKey(key, text);
  });
}

function unreadable(key: string): Understood<WantedLink> {
  const message = `"${NETWORKING_PATH}/${key}" is listed, and cannot be read; ask again`;
  return { fault: { mac: parseMac(key), message } };
}

function readIfThere(xenstore: XenstoreReader, path: string): Promise<string | undefined> {
  return ifThere(xenstore.readText(path));
}

async function ifThere<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}
