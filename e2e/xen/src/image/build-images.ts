import type { AgentKind, GuestsOfRun } from "../runs.ts";
import { fetchDebian } from "./debian.ts";
import { buildDiskGuestImages } from "./disk-guest-images.ts";
import { buildDom0Image, type XenImage } from "./dom0-image.ts";
import { buildGuestImage } from "./guest-image.ts";
import { buildSystemdGuestImage } from "./systemd-guest-image.ts";

const builders = {
  plain: buildGuestImage,
  systemd: buildSystemdGuestImage,
  disks: buildDiskGuestImages,
} as const;

export interface ImageOptions {
  /** Where everything is built. */
  readonly folder: string;
  readonly guest: GuestsOfRun;
  readonly agent: AgentKind;
  /** Takes a line of progress. */
  readonly tell: (line: string) => void;
}

/** Builds all that QEMU boots, from Debian's packages and this repository as it is built. */
export async function buildImages({ folder, guest, agent, tell }: ImageOptions): Promise<XenImage> {
  tell("Fetching what Debian brings (downloaded once and kept)");
  await fetchDebian(tell);
  tell("Building the guest");
  const image = await builders[guest](folder, agent);
  tell("Building Dom0");
  return buildDom0Image(folder, image);
}
