import { decodeLatin1 } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../commands/command.ts";
import { CONFIG_PATH } from "../command-line/command-line.ts";
import { parseConfig } from "../config.ts";
import { AgentError, SystemError } from "../errors.ts";
import { CONFIG_MAX_BYTES } from "../limits.ts";
import type { NetworkFacts } from "../os/backend.ts";
import { readServiceStatus } from "../service/read-service-status.ts";
import { findInitSystem, readServices } from "../init-systems/index.ts";
import { readTextIfThere } from "../init-systems/read-text.ts";
import { hasJournal } from "../system/journal.ts";
import { readKernelNetwork, runIfThere } from "../system/kernel-facts.ts";
import { readNetworkFacts, readVifs } from "../system/network-facts.ts";
import { readProcesses } from "../system/processes.ts";
import { type RootedFiles, rootFiles } from "../system/rooted-files.ts";
import type { System } from "../system/system.ts";
import { readVifsOfRoot } from "../system/vifs-of-root.ts";
import { AGENT_VERSION } from "../version.ts";
import type { DiskFacts, DoctorFacts, InstalledPackage, RunningFacts, XenFacts } from "./facts.ts";
import { CLOCK_ANSWER_MS, PACKAGE_LIST_MAX_BYTES } from "./limits.ts";
import { readAccount } from "./read-account.ts";
import { readXenstore, readXenstoreWhileServing } from "./read-xenstore.ts";

/** What is to be examined. */
export interface Examined {
  readonly system: System;
  /** The directory under which the examined system is, `/` for the running one. */
  readonly root: string;
  /** Whose password is looked at. */
  readonly user: string;
  /** Of whoever examines while it serves a request; without it, a connection is opened. */
  readonly xenstore?: XenstoreReader;
}

const DEVICES = ["/dev/xen/xenbus", "/proc/xen/xenbus"];

/** Words behind the program's name of processes that serve no requests. */
const OTHER_COMMANDS: ReadonlySet<string> = new Set([
  "network",
  "undo",
  "doctor",
  "rescue",
  "status",
  "worker",
  "xe-daemon",
]);

/** Where the agent writes. */
const WRITTEN = ["/", "/etc", "/var/lib", "/run"];

/** Reads all that the checks look at, and changes nothing. Programs are run on the running system alone. */
export async function readDoctorFacts(examined: Examined): Promise<DoctorFacts> {
  const { system, root, user, xenstore: reader } = examined;
  const files = rootFiles(system.files, root);
  const isLive = root === "/";
  const init = findInitSystem(files);
  const xenstore = await (reader === undefined ? readXenstore(system) : readXenstoreWhileServing(reader));
  const network = await readNetwork(system, { root, files, isServed: reader !== undefined });
  return {
    root,
    version: AGENT_VERSION,
    unixTime: system.unixTime(),
    xen: readXen(rootFiles(system.files, "/")),
    // In rescue mode it is the rescue system that the host gives a name.
    xenstore: isLive || !xenstore.isReached ? xenstore : withoutHostname(xenstore),
    services: { init, installed: init === undefined ? [] : readServices(init, files) },
    running: isLive ? readRunning(system) : undefined,
    account: readAccount(user, files),
    network,
    disks: readDisks(system, root),
    isChangeCutOff: hasJournal({ files }),
    configurationFault: faultOfConfiguration(files),
    packages: readPackages(files),
    isClockKept: isLive ? await askClock(system) : undefined,
  };
}

function withoutHostname<Facts extends { readonly wanted: object }>(facts: Facts): Facts {
  return { ...facts, wanted: { ...facts.wanted, hostname: undefined } };
}

function readXen(files: RootedFiles): XenFacts {
  const text = (path: string) => readTextIfThere(path, files)?.trim();
  return {
    hypervisor: text("/sys/hypervisor/type"),
    isDom0: (text("/proc/xen/capabilities") ?? "").includes("control_d"),
    devices: DEVICES.filter((path) => files.status(path) !== undefined),
  };
}

interface Place {
  readonly root: string;
  readonly files: RootedFiles;
  /** Whether an agent serves the guest below that root, and not one on the system that has mounted it. */
  readonly isServed: boolean;
}

async function readNetwork(system: System, place: Place): Promise<DoctorFacts["network"]> {
  try {
    return await readNetworkOf(system, place);
  } catch (error) {
    if (error instanceof AgentError || error instanceof SystemError) return { fault: error.message };
    throw error;
  }
}

async function readNetworkOf(system: System, { root, files, isServed }: Place): Promise<NetworkFacts> {
  if (root !== "/") {
    return readNetworkFacts(files, isServed ? readVifs(files) : readVifsOfRoot(system.files, files));
  }
  const kernel = await readKernelNetwork(system);
  return { ...readNetworkFacts(files, readVifs(files)), ...(kernel && { kernel }) };
}

function readRunning(system: System): RunningFacts {
  const processes = [...readProcesses(system.files)];
  const named = (name: string) => processes.filter(([, words]) => programOf(words).name === name);
  const agents = named("nova-agent").filter(([, words]) => !OTHER_COMMANDS.has(programOf(words).command));
  const publishers = [
    ...named("xe-daemon"),
    ...named("nova-agent").filter(([, words]) => programOf(words).command === "xe-daemon"),
  ];
  return {
    agents: agents.map(([pid]) => pid),
    publishers: publishers.map(([pid]) => pid),
    status: readServiceStatus(system),
  };
}

const INTERPRETERS = /^(?:node|nodejs|python[\d.]*)$/;

/** Name of a program and the first word behind it that is no option; an interpreter's program is what it runs. */
function programOf(words: readonly string[]): { readonly name: string; readonly command: string } {
  const names = words.filter((word) => !word.startsWith("-"));
  const isInterpreted = INTERPRETERS.test(lastName(names[0]));
  const [program, command = ""] = isInterpreted ? names.slice(1) : names;
  return { name: lastName(program).replace(/\.m?js$/, ""), command };
}

function lastName(path = ""): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Each file system once, by the first path that is on it. */
function readDisks(system: System, root: string): DiskFacts[] {
  const prefix = root === "/" ? "" : root;
  const seen = new Map<string, DiskFacts>();
  for (const path of WRITTEN) {
    const place = prefix + path;
    try {
      const space = system.diskSpace(place);
      const key = `${space.sizeBytes} ${space.freeBytes}`;
      if (!seen.has(key)) seen.set(key, { ...space, path: place });
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }
  return [...seen.values()];
}

function faultOfConfiguration(files: RootedFiles): string | undefined {
  const text = readTextIfThere(CONFIG_PATH, files, CONFIG_MAX_BYTES);
  try {
    parseConfig(text ?? "", CONFIG_PATH);
    return undefined;
  } catch (error) {
    if (error instanceof AgentError) return error.message;
    throw error;
  }
}

/** What dpkg(1) has of agents; rpm's database takes rpm itself. */
function readPackages(files: RootedFiles): InstalledPackage[] {
  const text = readLatin1("/var/lib/dpkg/status", files);
  return text.split("\n\n").flatMap((entry) => {
    const name = /^Package: ((?:python3?-)?nova-agent)$/m.exec(entry)?.[1];
    const version = /^Version: (\S+)$/m.exec(entry)?.[1];
    const isInstalled = /^Status: \S+ \S+ installed$/m.test(entry);
    return name === undefined || version === undefined || !isInstalled ? [] : [{ name, version }];
  });
}

function readLatin1(path: string, files: RootedFiles): string {
  try {
    return decodeLatin1(files.read(path, PACKAGE_LIST_MAX_BYTES));
  } catch (error) {
    if (error instanceof SystemError) return "";
    throw error;
  }
}

/** As timedatectl(1) tells; undefined where it is not there. */
async function askClock(system: System): Promise<boolean | undefined> {
  const argv = ["timedatectl", "show", "--property=NTPSynchronized", "--value"] as const;
  const result = await runIfThere({ argv, timeoutMs: CLOCK_ANSWER_MS }, system);
  const word = result?.status === 0 ? decodeLatin1(result.stdout).trim() : "";
  return word === "yes" ? true : word === "no" ? false : undefined;
}
