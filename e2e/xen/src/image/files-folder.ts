import { fileURLToPath } from "node:url";

/** The files of one system in this folder's `files/`. */
export function filesFolder(system: "dom0" | "guest"): string {
  return fileURLToPath(new URL(`../../../files/${system}`, import.meta.url));
}
