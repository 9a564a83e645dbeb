import { fetchDebian } from "./debian.ts";
import { buildDom0Image, type XenImage } from "./dom0-image.ts";
import { buildGuestImage } from "./guest-image.ts";

/** Builds all that QEMU boots into `folder`, from Debian's packages and this repository as it is built. */
export async function buildImages(folder: string, tell: (line: string) => void): Promise<XenImage> {
  tell("Fetching what Debian brings (downloaded once and kept)");
  await fetchDebian(tell);
  tell("Building the guest");
  const guest = await buildGuestImage(folder);
  tell("Building Dom0");
  return buildDom0Image(folder, guest);
}
