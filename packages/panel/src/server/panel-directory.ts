import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How the folder of the panel's files is called beside a program that has this module in it. */
export const PACKAGED_PANEL = "panel";

/**
 * Where the panel's files are: beside a program that was bundled with this module, or else where the
 * repository's build puts them.
 */
export function panelDirectory(): string {
  const packaged = fileURLToPath(new URL(PACKAGED_PANEL, import.meta.url));
  if (existsSync(join(packaged, "index.html"))) return packaged;
  return fileURLToPath(new URL("../../public", import.meta.url));
}
