import type { ChildProcess } from "node:child_process";
import { access, mkdir, readFile } from "node:fs/promises";
import { type Enclosure, type EnclosureOptions, guestPrograms } from "./enclosure.ts";
import { GUEST_MEMINFO, GUEST_SOCKET, meminfoFile, RESCUED_TREE, UNBUILT_HOSTNAME } from "./guest-files.ts";
import { planLink, planLinks, planUnlink } from "./links.ts";
import { parseMountTable } from "./mount-table.ts";
import { type SharedPath, planMounts, planPivot } from "./mounts.ts";
import { Namespaces } from "./namespaces.ts";
import { PLAIN_ENVIRONMENT } from "./program.ts";
import {
  GUEST_CODE,
  type MachineParts,
  readMachineParts,
  readNodeProgram,
  splitSbin,
} from "./shared-paths.ts";
import { programFiles, programPath } from "./program-files.ts";
import { hideVif, showVif } from "./sysfs.ts";
import { furnishTree } from "./tree.ts";

/**
 * Opens namespaces with a host name and network cards of the guest's own, around its root tree. Throws a
 * DemoError when the machine does not allow it; nothing runs then.
 */
export async function openNamespaces(options: EnclosureOptions): Promise<Enclosure> {
  const { tree, vifs, rescuedTree } = options;
  const namespaces = await Namespaces.open();
  try {
    const { machine, node, ifupdown } = await readParts(options);
    const standInNode = ifupdown === "stand-in" ? node : undefined;
    const programs = programFiles(node, options.agent.main);
    const files = [...programs, meminfoFile(options.memoryKib)];
    await furnishTree({ tree, vifs, machine, standInNode, files });
    if (rescuedTree !== undefined) {
      await furnishTree({ tree: rescuedTree, vifs: [], machine, standInNode, files: programs });
      await mkdir(tree + RESCUED_TREE, { recursive: true });
    }
    await furnish(namespaces, options, machine);
    return {
      kind: "namespaces",
      enterCommand: namespaces.enterCommand(),
      ifupdown,
      programs: guestPrograms,
      start: (program, log) => spawnProgram(namespaces, programPath(program), log),
      ...vifPlugs(namespaces, options),
      close: () => namespaces.close(),
    };
  } catch (error) {
    await namespaces.close();
    throw error;
  }
}

function vifPlugs(
  namespaces: Namespaces,
  { tree, domid }: EnclosureOptions,
): Pick<Enclosure, "plugVif" | "unplugVif"> {
  return {
    async plugVif(vif) {
      await showVif(tree, vif);
      for (const argv of planLink(vif, domid)) await namespaces.run({ argv });
    },
    async unplugVif(vif) {
      for (const argv of planUnlink(vif)) await namespaces.run({ argv });
      await hideVif(tree, vif);
    },
  };
}

function spawnProgram(namespaces: Namespaces, path: string, log: number): ChildProcess {
  return namespaces.spawn([path], {
    // In a session of its own, so that Ctrl-C does not reach it.
    detached: true,
    cwd: "/",
    env: { ...PLAIN_ENVIRONMENT, XENSTORED_PATH: GUEST_SOCKET },
    stdio: ["ignore", log, log],
  });
}

/** What the guest shares with the machine, Node and the agent's code included. */
async function readParts({ agent, layers }: EnclosureOptions) {
  const ifupdown: Enclosure["ifupdown"] = (await hasIfup(layers)) ? "machine" : "stand-in";
  const found = await readMachineParts(layers);
  const parts = ifupdown === "stand-in" ? await splitSbin(found) : found;
  const node = await readNodeProgram(process.execPath, parts.shared);
  const code: SharedPath = { source: agent.directory, target: GUEST_CODE };
  const machine: MachineParts = { ...parts, shared: [...parts.shared, ...node.shared, code] };
  return { machine, node: node.path, ifupdown };
}

async function hasIfup(layers: readonly string[] = []): Promise<boolean> {
  const paths = ["", ...layers].flatMap((root) => [`${root}/sbin/ifup`, `${root}/usr/sbin/ifup`]);
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

async function furnish(
  namespaces: Namespaces,
  { tree, rescuedTree, socketPath, domid, vifs }: EnclosureOptions,
  { shared, devices }: MachineParts,
): Promise<void> {
  const mounts = parseMountTable(await readFile("/proc/self/mountinfo", "utf8"));
  const socket = { source: socketPath, target: GUEST_SOCKET };
  const rescued = rescuedTree === undefined ? undefined : { source: rescuedTree, target: RESCUED_TREE };
  const ownProcFiles = [GUEST_MEMINFO];
  const parts = { tree, shared, devices, socket, rescued, ownProcFiles, mounts };
  const plan = [...planMounts(parts), ...planPivot(tree)];
  for (const argv of plan) await namespaces.run({ argv });
  await namespaces.run({ argv: ["hostname", UNBUILT_HOSTNAME] });
  await skipAddressDetection(namespaces);
  for (const argv of planLinks(vifs, domid)) await namespaces.run({ argv });
}

// Nobody else is on the guest's network; a second of looking for duplicates would only cost time.
async function skipAddressDetection(namespaces: Namespaces): Promise<void> {
  const setting = "/proc/sys/net/ipv6/conf/default/accept_dad";
  if (
    await access(setting).then(
      () => true,
      () => false,
    )
  ) {
    await namespaces.run({ argv: ["tee", setting], stdin: "0" });
  }
}
