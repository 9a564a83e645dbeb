import type { XenstoreClient } from "@nova-agent/xenstore";
import { parseMac } from "../network/mac.ts";
import { isRefusal } from "../nodes.ts";
import type { ReportSystem } from "../system/system.ts";
import { addressNodes, type SriovFunction } from "./addresses.ts";
import { SRIOV_FUNCTIONS_MAX } from "./limits.ts";
import { memoryNodes } from "./memory.ts";
import { osValues } from "./os.ts";
import type { Nodes } from "./publisher.ts";
import { pvAddonsNodes } from "./pv-addons.ts";
import { hasBalloon, readInterfaces, readMemory, readOs, readVolumes } from "./read-facts.ts";
import { volumeNodes } from "./volumes.ts";

/** What facts are read through. */
export interface NodeSources {
  /** Its files are those below the root. */
  readonly system: ReportSystem;
  readonly client: XenstoreClient;
}

/** What a daemon is told about itself. */
export interface ConstantFacts {
  readonly version: string;
  /** Whether the host may be told that the guest can give memory back. */
  readonly offersBalloon: boolean;
}

/** What does not change while the guest runs. */
export function readConstantNodes({ files }: ReportSystem, facts: ConstantFacts): Nodes {
  const { distribution, kernelRelease } = readOs(files);
  const balloon = facts.offersBalloon && hasBalloon(files) ? "1" : "0";
  const os = osValues(distribution, kernelRelease);
  return new Map([
    ...pvAddonsNodes(facts.version),
    ...os.map(([name, value]): [string, string] => [`data/${name}`, value]),
    ["control/feature-balloon", balloon],
  ]);
}

/** What is looked at now and then. */
export async function readSlowNodes({ system, client }: NodeSources): Promise<Nodes> {
  const memory = readMemory(system.files);
  const volumes = await Promise.all(
    readVolumes(system).map(async ({ volume, node }) => {
      const place = await readNode(`${node}/backend`, client);
      const backend = place === undefined ? undefined : await readNode(`${place}/dev`, client);
      return { ...volume, backend };
    }),
  );
  return new Map([...(memory === undefined ? [] : memoryNodes(memory)), ...volumeNodes(volumes)]);
}

/** What is looked at whenever the network has changed. */
export async function readAddressNodes({ system, client }: NodeSources): Promise<Nodes> {
  const sriovFunctions = await readSriovFunctions(client);
  return addressNodes({
    interfaces: readInterfaces(system.files),
    addresses: system.networkAddresses(),
    sriovFunctions,
  });
}

/** The virtual functions that the host has given to the guest, by their MAC address. */
async function readSriovFunctions(client: XenstoreClient): Promise<readonly SriovFunction[]> {
  const directory = "xenserver/device/net-sriov-vf";
  const ids = (await unlessRefused(client.list(directory))) ?? [];
  const functions: SriovFunction[] = [];
  for (const id of ids.slice(0, SRIOV_FUNCTIONS_MAX)) {
    const mac = parseMac((await readNode(`${directory}/${id}/mac`, client)) ?? "");
    if (mac !== undefined) functions.push({ id, mac });
  }
  return functions;
}

function readNode(path: string, client: XenstoreClient): Promise<string | undefined> {
  return unlessRefused(client.readText(path));
}

/** Undefined for what is not there, or not for the guest. */
async function unlessRefused<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
