import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentKind } from "../runs.ts";
import { fetchKernel } from "./kernels.ts";
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

/** What `xl create` needs of a guest: Debian's cloud kernel and a root file system in memory. */
export interface GuestImage {
  readonly kernel: string;
  readonly archive: string;
}

/** Builds a small Debian guest that runs the agent as it is built now; `folder` gets the archive. */
export async function buildGuestImage(folder: string, agent: AgentKind): Promise<GuestImage> {
  const kernel = await fetchKernel("cloud-amd64");
  const root = join(folder, "guest");
  await layOutTree(root, {
    packages: guestPackages,
    files: [filesFolder("any-guest"), filesFolder("guest")],
  });
  await copyModules(kernel, { names: modules, folder: join(root, "lib/modules/boot") });
  await addProgram(root, process.execPath);
  await installAgent(root, agent);
  await addCompiledFolder(root, fileURLToPath(new URL("../guest", import.meta.url)), "e2e-xen");
  await addLibraries(root, plugins);
  const archive = join(folder, "guest.cpio");
  await packTree(root, archive);
  return { kernel: kernel.image, archive };
}
