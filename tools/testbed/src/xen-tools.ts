import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { existingPrivateRoot } from "./private-root.ts";
import { isPresent } from "./repository.ts";

/**
 * Debian 12's Xen 4.17: both xenstored servers, the xenstore-* clients and their libraries. Unpacked,
 * never installed: xen-utils-common brings init scripts that start Xen's services, and udev.
 */
export const XEN_PACKAGES = [
  "xen-utils-4.17",
  "xenstore-utils",
  "libxencall1",
  "libxendevicemodel1",
  "libxenevtchn1",
  "libxenforeignmemory1",
  "libxengnttab1",
  "libxenhypfs1",
  "libxenmisc4.17",
  "libxenstore4",
  "libxentoolcore1",
  "libxentoollog1",
  "libyajl2",
] as const;

/** What Xen boots from on x86-64: the hypervisor, and the names of the kernels for Dom0 and for guests. */
export const XEN_BOOT_PACKAGES = [
  "xen-hypervisor-4.17-amd64",
  "linux-image-amd64",
  "linux-image-cloud-amd64",
] as const;

const toolFolders = ["usr/lib/xen-4.17/bin", "usr/bin"] as const;

/** A program of Xen's packages, and the variables it needs to find its libraries. */
export interface XenTool {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Finds `xenstored`, `test-xenstore`, `xenstore-ls`, …: installed, or in the private root. */
export async function findXenTool(name: string): Promise<XenTool | undefined> {
  for (const root of ["/", await existingPrivateRoot(XEN_PACKAGES)]) {
    if (root === undefined) continue;
    for (const folder of toolFolders) {
      const path = join(root, folder, name);
      if (await isPresent(path)) return { path, environment: await libraryPath(root) };
    }
  }
  return undefined;
}

/** The same for a test that has named its need; throws when the tool is not there. */
export async function xenTool(name: string): Promise<XenTool> {
  const tool = await findXenTool(name);
  if (tool === undefined)
    throw new Error(`${name} of Xen 4.17 is not here; npm test unpacks it on Debian 12`);
  return tool;
}

async function libraryPath(root: string): Promise<Record<string, string>> {
  if (root === "/") return {};
  const folders = (await readdir(join(root, "usr/lib"))).filter((name) => name.includes("-linux-"));
  return { LD_LIBRARY_PATH: folders.map((name) => join(root, "usr/lib", name)).join(":") };
}
