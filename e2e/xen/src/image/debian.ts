import { privateRoot, withFreshLists, XEN_PACKAGES } from "@nova-agent/testbed";
import { dom0Packages, hypervisorPackages } from "./dom0-image.ts";
import { diskPackages } from "./disk-image.ts";
import { guestPackages } from "./guest-image.ts";
import { fetchKernel } from "./kernels.ts";
import { busyboxPackages } from "./root-tree.ts";
import { systemdGuestPackages } from "./systemd-guest-image.ts";

/**
 * Brings all that the images take from Debian into the cache, so that building them needs no network.
 * With old lists it fetches new ones, once.
 */
export async function fetchDebian(tell: (line: string) => void): Promise<void> {
  try {
    await withFreshLists(tell, fetchAll);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    const advice = "Check the network and the sources of apt-get, and that apt-get update works";
    throw new Error(`Cannot fetch Debian's packages: ${reason}\n${advice}`, { cause: error });
  }
}

/** Kernels first: of all packages they are replaced most often, and each time under a new name. */
async function fetchAll(): Promise<void> {
  await fetchKernel("cloud-amd64");
  await fetchKernel("amd64");
  for (const packages of [
    busyboxPackages,
    guestPackages,
    systemdGuestPackages,
    dom0Packages,
    diskPackages,
    XEN_PACKAGES,
    hypervisorPackages,
  ])
    await privateRoot(packages);
}
