import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { XEN_PACKAGES, privateRoot, runChecked } from "@nova-agent/testbed";
import { BUILD_STEP_TIMEOUT_MS } from "../limits.ts";
import { filesFolder } from "./files-folder.ts";
import type { GuestImage } from "./guest-image.ts";
import { addCompiledFolder, addInstalledPackage, addWorkspacePackages } from "./javascript.ts";
import { fetchKernel } from "./kernels.ts";
import { copyModules } from "./kernel-modules.ts";
import { addLibraries, addProgram, layOutTree, packTree } from "./root-tree.ts";

/** The tools of Dom0; Xen's come from `XEN_PACKAGES`. */
export const dom0Packages = [
  "busybox-static",
  "dash",
  "iproute2",
  "util-linux",
  // For disks: what our own toolstack copies them by, and losetup.
  "coreutils",
  "mount",
];

/** The hypervisor alone. */
export const hypervisorPackages = ["xen-hypervisor-4.17-amd64"];

const modules = [
  "xen-privcmd",
  "xen-evtchn",
  "xen-gntdev",
  "xen-gntalloc",
  "xenfs",
  "xen-netback",
  "bridge",
  "xen-blkback",
  "loop",
];

const xenFolder = "usr/lib/xen-4.17/bin";
const xenPrograms = ["xl", "libxl-save-helper", "xenstored", "oxenstored", "xenconsoled", "xen-init-dom0"];

/** For the scripts that plug virtual interfaces and disks in, and for looking after a failure. */
const xenstoreClients = ["xenstore-read", "xenstore-write", "xenstore-ls"];

/** Loaded by pthread_cancel(3), without which xl aborts. */
const plugins = ["usr/lib/x86_64-linux-gnu/libgcc_s.so.1"];

/** What QEMU boots. */
export interface XenImage {
  readonly hypervisor: string;
  readonly dom0Kernel: string;
  readonly dom0Archive: string;
}

/** Builds the host: Xen, its toolstack, both xenstored servers, our host side and the scenarios. */
export async function buildDom0Image(folder: string, guest: GuestImage): Promise<XenImage> {
  const kernel = await fetchKernel("amd64");
  const root = join(folder, "dom0");
  await layOutTree(root, { packages: dom0Packages, files: [filesFolder("dom0")] });
  await copyModules(kernel, { names: modules, folder: join(root, "lib/modules/boot") });
  await addXen(root);
  await addProgram(root, process.execPath);
  await addWorkspacePackages(root, ["packages/xenstore", "packages/host", "packages/cli", "tools/testbed"]);
  await addInstalledPackage(root, "commander");
  await addCompiledFolder(root, fileURLToPath(new URL("..", import.meta.url)), "e2e-xen");
  await addLibraries(root, plugins);
  await mkdir(join(root, "guest"));
  await copyFile(guest.kernel, join(root, "guest/vmlinuz"));
  for (const [name, path] of Object.entries(guest.files)) await copyFile(path, join(root, "guest", name));
  const dom0Archive = join(folder, "dom0.cpio");
  await packTree(root, dom0Archive);
  return { hypervisor: await unpackHypervisor(folder), dom0Kernel: kernel.image, dom0Archive };
}

async function addXen(root: string): Promise<void> {
  const xen = await privateRoot(XEN_PACKAGES);
  for (const name of xenPrograms) await addProgram(root, join(xen, xenFolder, name), xenFolder);
  for (const name of xenstoreClients) await addProgram(root, join(xen, "usr/bin", name));
  // The libraries of Xen's own packages are nowhere on this machine.
  const script = `cp --no-dereference "$0"/usr/lib/x86_64-linux-gnu/*.so.* "$1"/usr/lib/x86_64-linux-gnu/`;
  await mkdir(join(root, "usr/lib/x86_64-linux-gnu"), { recursive: true });
  await runChecked({ argv: ["sh", "-e", "-c", script, xen, root], timeoutMs: BUILD_STEP_TIMEOUT_MS });
  await copyFile("/lib/x86_64-linux-gnu/libgcc_s.so.1", join(root, plugins[0] ?? ""));
}

/** QEMU loads the hypervisor as multiboot, which has to be an ELF file and not a compressed one. */
async function unpackHypervisor(folder: string): Promise<string> {
  const packed = join(await privateRoot(hypervisorPackages), "boot/xen-4.17-amd64.gz");
  const target = join(folder, "xen");
  const argv = ["sh", "-e", "-c", 'gunzip --stdout "$0" > "$1"', packed, target] as const;
  await runChecked({ argv, timeoutMs: BUILD_STEP_TIMEOUT_MS });
  return target;
}
