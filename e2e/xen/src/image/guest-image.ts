import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentKind } from "../runs.ts";
import { fetchKernel, type Kernel } from "./kernels.ts";
import { copyModules } from "./kernel-modules.ts";
import { installAgent } from "./agent.ts";
import { addCompiledFolder } from "./javascript.ts";
import { addLibraries, addProgram, layOutTree, packTree } from "./root-tree.ts";
import { filesFolder } from "./files-folder.ts";

/** The tools of a Debian guest that the agent meets, and those the scenarios look with. */
export const guestPackages = [
  "base-passwd",
  "busybox-static",
  "dash",
  "debianutils",
  "hostname",
  "ifupdown",
  "iproute2",
  "libpam-modules",
  "libpam-modules-bin",
  "libunwind8",
  "login",
  "passwd",
  "strace",
  "util-linux",
];

/** Interfaces of the guest (netfront), and those that the agent has to leave alone. */
const modules = ["xen-netfront", "bonding", "8021q", "bridge", "dummy"];

/** Loaded by PAM, by name. */
const plugins = ["usr/lib/x86_64-linux-gnu/security/pam_unix.so"];

/** What `xl create` needs of guests: Debian's cloud kernel, and file systems in memory or on disks. */
export interface GuestImage {
  readonly kernel: string;
  /** Paths of all that Dom0 has beside it, by their names there. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a guest's tree is laid out with. */
export interface GuestTreeOptions {
  readonly agent: AgentKind;
  readonly kernel: Kernel;
  /** Whether it has Node, for the programs of this suite that run in a guest. */
  readonly hasNode: boolean;
}

/** Builds a small Debian guest that runs the agent as it is built now; `folder` gets the archive. */
export async function buildGuestImage(folder: string, agent: AgentKind): Promise<GuestImage> {
  const kernel = await fetchKernel("cloud-amd64");
  const root = join(folder, "guest");
  await layOutGuest(root, { agent, kernel, hasNode: true });
  const archive = join(folder, "guest.cpio");
  await packTree(root, archive);
  return { kernel: kernel.image, files: { "root.cpio": archive } };
}

/** Lays the guest out in the empty folder `root`. */
export async function layOutGuest(root: string, { agent, kernel, hasNode }: GuestTreeOptions): Promise<void> {
  await layOutTree(root, {
    packages: guestPackages,
    files: [filesFolder("any-guest"), filesFolder("guest")],
  });
  await copyModules(kernel, { names: modules, folder: join(root, "lib/modules/boot") });
  if (hasNode) await addProgram(root, process.execPath);
  await installAgent(root, agent);
  await addCompiledFolder(root, fileURLToPath(new URL("../guest", import.meta.url)), "e2e-xen");
  await addLibraries(root, plugins);
}
