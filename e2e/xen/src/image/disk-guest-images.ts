import { join } from "node:path";
import type { AgentKind } from "../runs.ts";
import { makeDisk } from "./disk-image.ts";
import { filesFolder } from "./files-folder.ts";
import { type GuestImage, layOutGuest } from "./guest-image.ts";
import { copyModules } from "./kernel-modules.ts";
import { fetchKernel, type Kernel } from "./kernels.ts";
import { busyboxPackages, layOutTree, packTree } from "./root-tree.ts";
import { layOutSystemdGuest } from "./systemd-guest-image.ts";

/** Builds both guests as disks, and what their kernel starts from until it has its disk. */
export async function buildDiskGuestImages(folder: string, agent: AgentKind): Promise<GuestImage> {
  const kernel = await fetchKernel("cloud-amd64");
  const options = { agent, kernel, hasNode: false };
  const plainRoot = join(folder, "guest");
  await layOutGuest(plainRoot, options);
  const plain = join(folder, "plain.img");
  await makeDisk(plainRoot, plain);
  const systemdRoot = join(folder, "systemd-guest");
  await layOutSystemdGuest(systemdRoot, options);
  const systemd = join(folder, "systemd.img");
  await makeDisk(systemdRoot, systemd);
  const initrd = join(folder, "initrd.cpio");
  await buildInitrd(kernel, { root: join(folder, "initrd"), archive: initrd });
  return {
    kernel: kernel.image,
    files: { "initrd.cpio": initrd, "plain.img": plain, "systemd.img": systemd },
  };
}

async function buildInitrd(
  kernel: Kernel,
  { root, archive }: { readonly root: string; readonly archive: string },
): Promise<void> {
  await layOutTree(root, { packages: busyboxPackages, files: [filesFolder("disk-initrd")] });
  await copyModules(kernel, { names: ["xen-blkfront"], folder: join(root, "lib/modules/boot") });
  await packTree(root, archive);
}
