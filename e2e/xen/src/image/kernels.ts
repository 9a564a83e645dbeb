import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder, cacheKey, runChecked } from "@nova-agent/testbed";
import { PACKAGE_TIMEOUT_MS } from "../limits.ts";

/** A Linux kernel as Debian packages it, without what no test needs. */
export interface Kernel {
  /** The compressed image. */
  readonly image: string;
  /** `lib/modules/<version>/kernel`. */
  readonly modules: string;
}

/** Dom0 needs the generic kernel: the cloud kernel is built without CONFIG_XEN_DOM0. */
export type KernelFlavour = "amd64" | "cloud-amd64";

// All modules take 400 MB; whoever needs another one adds its folder.
const unpackedFolders = [
  "drivers/block/loop.ko",
  "drivers/block/xen-blkback",
  "drivers/block/xen-blkfront.ko",
  "drivers/xen",
  "drivers/net/xen-netback",
  "drivers/net/xen-netfront.ko",
  "drivers/net/bonding",
  "drivers/net/dummy.ko",
  "net/802",
  "net/8021q",
  "net/bridge/bridge.ko",
  "net/llc",
  "net/tls",
];

/** Downloads the newest kernel of Debian's release, once, and unpacks what a boot needs of it. */
export async function fetchKernel(flavour: KernelFlavour): Promise<Kernel> {
  const packageName = await newestKernelPackage(flavour);
  const key = cacheKey(packageName, process.arch, ...unpackedFolders);
  const folder = await cachedFolder(join("kernels", key), (into) => unpack(packageName, into));
  const image = (await readdir(join(folder, "boot"))).find((name) => name.startsWith("vmlinuz-"));
  const [version] = await readdir(join(folder, "lib/modules"));
  if (image === undefined || version === undefined) throw new Error(`${packageName} holds no kernel`);
  return { image: join(folder, "boot", image), modules: join(folder, "lib/modules", version, "kernel") };
}

/** `linux-image-amd64` names the package of the kernel and holds nothing itself. */
async function newestKernelPackage(flavour: KernelFlavour): Promise<string> {
  const meta = `linux-image-${flavour}`;
  const argv = ["apt-cache", "depends", "--important", meta] as const;
  const depends = await runChecked({ argv, environment: { LC_ALL: "C" }, timeoutMs: PACKAGE_TIMEOUT_MS });
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new Error(`Debian's package ${meta} names no kernel:\n${depends}`);
  return name;
}

async function unpack(packageName: string, folder: string): Promise<void> {
  const limit = { directory: folder, timeoutMs: PACKAGE_TIMEOUT_MS };
  await runChecked({
    argv: ["apt-get", "-o", "APT::Sandbox::User=root", "download", packageName],
    environment: { LC_ALL: "C" },
    ...limit,
  });
  const wanted = unpackedFolders.map((path) => `./lib/modules/*/kernel/${path}`);
  const script = `dpkg --fsys-tarfile ./*.deb | tar --extract --wildcards "$@" && rm ./*.deb`;
  await runChecked({ argv: ["sh", "-e", "-c", script, "sh", "./boot/vmlinuz-*", ...wanted], ...limit });
}
