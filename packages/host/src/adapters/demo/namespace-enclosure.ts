import { access, readFile, rm } from "node:fs/promises";
import type { Enclosure, EnclosureOptions } from "./enclosure.ts";
import { GUEST_SOCKET, UNBUILT_HOSTNAME } from "./guest-files.ts";
import { planLinks } from "./links.ts";
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
import { buildTree } from "./tree.ts";

/**
 * Opens namespaces with a root tree, a host name and network cards of the guest's own. Throws a
 * DemoError when the machine does not allow it; the tree may be half built then.
 */
export async function openNamespaces(options: EnclosureOptions): Promise<Enclosure> {
  const { tree, agent } = options;
  const namespaces = await Namespaces.open();
  try {
    const { machine, node, ifupdown } = await readParts(options);
    const standInNode = ifupdown === "stand-in" ? node : undefined;
    await buildTree({ tree, vifs: options.vifs, machine, standInNode });
    await furnish(namespaces, options, machine);
    return {
      kind: "namespaces",
      enterCommand: namespaces.enterCommand(),
      ifupdown,
      startAgent: (log) =>
        namespaces.spawn([node, `${GUEST_CODE}/${agent.main}`], {
          // In a session of its own, so that Ctrl-C does not reach it.
          detached: true,
          cwd: "/",
          env: { ...PLAIN_ENVIRONMENT, XENSTORED_PATH: GUEST_SOCKET },
          stdio: ["ignore", log, log],
        }),
      close: async () => {
        await namespaces.close();
        await rm(tree, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await namespaces.close();
    throw error;
  }
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
  { tree, socketPath, domid, vifs }: EnclosureOptions,
  { shared, devices }: MachineParts,
): Promise<void> {
  const mounts = parseMountTable(await readFile("/proc/self/mountinfo", "utf8"));
  const socket = { source: socketPath, target: GUEST_SOCKET };
  const plan = [...planMounts({ tree, shared, devices, socket, mounts }), ...planPivot(tree)];
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
