import { buildDom0Image, type XenImage } from "./dom0-image.ts";
import { buildGuestImage } from "./guest-image.ts";

/** Builds all that QEMU boots into `folder`, from Debian's packages and this repository as it is built. */
export async function buildImages(folder: string, tell: (line: string) => void): Promise<XenImage> {
  tell("Building the guest (Debian's packages are downloaded once and kept)");
  const guest = await buildGuestImage(folder);
  tell("Building Dom0");
  return buildDom0Image(folder, guest);
}
