import { fileURLToPath } from "node:url";

/** A folder of this one's `files/`: those of one system, or those that all guests have. */
export type FilesFolder = "dom0" | "guest" | "systemd-guest" | "any-guest" | "disk-initrd";

/** Where it is. */
export function filesFolder(name: FilesFolder): string {
  return fileURLToPath(new URL(`../../../files/${name}`, import.meta.url));
}
