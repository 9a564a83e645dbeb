import { type Clock, decodeUtf8 } from "@nova-agent/xenstore";
import { AgentError, SystemError } from "../errors.ts";
import {
  CONFIGURATION_FILE_MAX_BYTES,
  CONFIGURATION_FILES_MAX,
  KERNEL_FILE_MAX_BYTES,
  VIF_POLL_MS,
  VIF_WAIT_MS,
} from "../network/limits.ts";
import { parseMac } from "../network/mac.ts";
import type { LinkMaster, Vif, VirtualFunction } from "../network/wanted-network.ts";
import type { Evidence, NetworkFacts } from "../os/backend.ts";
import { globPattern, isGlob } from "../glob.ts";
import { evidenceToLookFor, filesIncluded, filesToRead } from "../os/index.ts";
import type { Files } from "./system.ts";

const NETWORK_DEVICES = "/sys/class/net";

/** IFF_NOARP and IFF_MASTER (linux/if.h): together a VRF has them (linux, drivers/net/vrf.c). */
const VRF_FLAGS = 0x480;

/**
 * Reads what a plan of the network is made from; the VIFs are those that sysfs has there, unless they are
 * known. Throws a SystemError when a file is there but unreadable.
 */
export function readNetworkFacts(files: Files, vifs: readonly Vif[] = readVifs(files)): NetworkFacts {
  return {
    vifs,
    hostname: readKernelText(files, "/proc/sys/kernel/hostname") ?? "",
    evidence: new Map(evidenceToLookFor().flatMap((path) => readEvidence(files, path))),
    files: readConfiguration(files, vifs),
  };
}

/** The back ends' files, and what they include, which may include more. */
function readConfiguration(files: Files, vifs: readonly Vif[]): Map<string, string> {
  const asked = new Set<string>();
  const texts = new Map<string, string>();
  let next = filesToRead(vifs);
  while (next.length > 0) {
    for (const path of next) {
      asked.add(path);
      for (const [name, text] of readFiles(files, path)) texts.set(name, text);
      checkCount(texts.size, path);
    }
    next = filesIncluded(texts).filter((path) => !asked.has(path));
  }
  return texts;
}

function checkCount(count: number, path: string): void {
  if (count <= CONFIGURATION_FILES_MAX) return;
  const limit = `more than ${CONFIGURATION_FILES_MAX} files of configuration`;
  throw new AgentError(
    "AGENT_UNSUPPORTED",
    `The network has ${limit}, with those of "${path}"; clear up there`,
  );
}

/**
 * Waits until every MAC address has its VIF, for a VIF may be attached while the host asks already;
 * at most `VIF_WAIT_MS`, because the others should not wait for one that never comes.
 */
export async function waitForVifs(
  macs: readonly string[],
  { files, clock, functions = [] }: WaitOptions,
): Promise<void> {
  const deadlineMs = clock.nowMs() + VIF_WAIT_MS;
  const hasAll = () => {
    const present = new Set(readVifs(files, functions).map((vif) => vif.mac));
    return macs.every((mac) => present.has(mac));
  };
  while (!hasAll() && clock.nowMs() < deadlineMs) {
    await new Promise<void>((resolve) => {
      clock.after(VIF_POLL_MS, resolve);
    });
  }
}

interface WaitOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly functions?: readonly VirtualFunction[];
}

/**
 * The guest's VIFs: network devices whose node in XenStore is `device/vif/N`, as sysfs tells of devices
 * on the xenbus. Bridges, bonds and VLANs share a VIF's MAC address and have no such node. Virtual functions
 * are found by their MAC address, among devices that a driver has.
 */
export function readVifs(files: Files, functions: readonly VirtualFunction[] = []): Vif[] {
  if (files.status(NETWORK_DEVICES) === undefined) return [];
  return files.list(NETWORK_DEVICES).flatMap((name) => {
    const device = `${NETWORK_DEVICES}/${name}`;
    const mac = readMac(files, device);
    if (mac === undefined) return [];
    const index = readIndex(files, device) ?? functions.find((each) => each.mac === mac)?.index;
    // What is made of others, such as a bridge, has no device of its own.
    if (index === undefined || files.status(`${device}/device`) === undefined) return [];
    const master = readMaster(files, device);
    return [{ name, mac, index, ...(master && { master }) }];
  });
}

function readIndex(files: Files, device: string): number | undefined {
  const node = readKernelText(files, `${device}/device/nodename`);
  const digits = /^device\/vif\/(\d+)$/.exec(node ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Of its own: all members of a bond show the address of one (linux, Documentation/networking/bonding.rst). */
function readMac(files: Files, device: string): string | undefined {
  const texts = [`${device}/bonding_slave/perm_hwaddr`, `${device}/address`].map((path) =>
    readKernelText(files, path),
  );
  return texts.map((text) => parseMac(text ?? "")).find((mac) => mac !== undefined);
}

/**
 * The bridge, bond or other device that has this one's addresses (linux, Documentation/ABI/testing,
 * sysfs-class-net); not a VRF, whose members keep theirs (linux, Documentation/networking/vrf.rst).
 */
function readMaster(files: Files, device: string): LinkMaster | undefined {
  const path = `${device}/master`;
  if (files.status(path)?.kind !== "link") return undefined;
  const name = readLinkIfThere(files, path)?.split("/").at(-1) ?? "";
  const isKind = (directory: string) => files.status(`${NETWORK_DEVICES}/${name}/${directory}`) !== undefined;
  if (name === "") return undefined;
  if (isKind("bridge")) return { name, kind: "bridge" };
  if (isKind("bonding")) return { name, kind: "bond" };
  return isVrf(files, name) ? undefined : { name };
}

/** sysfs tells a VRF by nothing else: it has neither a directory of its own nor a DEVTYPE. */
function isVrf(files: Files, name: string): boolean {
  const flags = Number(readKernelText(files, `${NETWORK_DEVICES}/${name}/flags`) ?? 0);
  return (flags & VRF_FLAGS) === VRF_FLAGS;
}

/** Devices come and go at any moment. */
function readLinkIfThere(files: Files, path: string): string | undefined {
  try {
    return files.readLink(path);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** A value of sysfs or procfs, or undefined where there is none: devices come and go at any moment. */
function readKernelText(files: Files, path: string): string | undefined {
  try {
    return decodeUtf8(files.read(path, KERNEL_FILE_MAX_BYTES))?.trim();
  } catch (error) {
    // A device that goes away answers EINVAL or ENODEV on its way out, `bonding_masters` ENOTDIR.
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function readEvidence(files: Files, path: string): [string, Evidence][] {
  const status = files.status(path);
  if (status === undefined) return [];
  return [[path, status.kind === "link" ? { link: files.readLink(path) } : {}]];
}

/**
 * The content of a file, or of all files of a directory when the path ends in `/`, or of those that
 * fit when its last part is a pattern. What lies in a directory and is no text is nobody's
 * configuration; a file that was asked for has to be text.
 */
function readFiles(files: Files, path: string): [string, string][] {
  if (path.endsWith("/") || isGlob(path)) {
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    const pattern = globPattern(path.endsWith("/") ? `${path}*` : path);
    const names = listDirectory(files, directory).filter((name) => pattern.test(directory + name));
    checkCount(names.length, path);
    return names.flatMap((name) => entryOf(directory + name, readText(files, directory + name)));
  }
  const text = readText(files, path);
  if (text === notText) {
    const reason = "is not UTF-8 text, which the agent would spoil; convert it";
    throw new AgentError("AGENT_UNSUPPORTED", `"${path}" ${reason}`);
  }
  return entryOf(path, text);
}

function entryOf(path: string, text: string | typeof notText | undefined): [string, string][] {
  return typeof text === "string" ? [[path, text]] : [];
}

function listDirectory(files: Files, path: string): readonly string[] {
  try {
    return files.list(path);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

const notText = Symbol("not text");

function readText(files: Files, path: string): string | typeof notText | undefined {
  try {
    return decodeUtf8(files.read(path, CONFIGURATION_FILE_MAX_BYTES)) ?? notText;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    if (error instanceof SystemError && error.code === "EFBIG") return notText;
    throw error;
  }
}

/** No such file; EISDIR for a directory inside one that is read whole. */
function isAbsence(error: unknown): boolean {
  return error instanceof SystemError && ["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code);
}
