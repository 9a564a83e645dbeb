import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundlePanel, type PanelSources } from "./bundle.ts";
import { PanelError } from "../errors.ts";

export interface BuildPanelOptions extends PanelSources {
  /** The folder that holds the panel then, and nothing else. */
  readonly output: string;
}

/**
 * Puts the panel into a folder: the page, and below `assets` what it links to. The page is replaced at once
 * when all the rest is there, and a fault changes nothing. Returns the paths of the modules that are in it,
 * below the root. Throws BUILD_FAILED.
 */
export async function buildPanel({ output, ...from }: BuildPanelOptions): Promise<readonly string[]> {
  const { page, assets, modules } = await bundlePanel(from);
  try {
    const folder = join(output, "assets");
    await mkdir(folder, { recursive: true });
    for (const { name, bytes } of assets) await writeFile(join(folder, name), bytes);
    const pagePath = join(output, "index.html");
    await writeFile(`${pagePath}.new`, page);
    await rename(`${pagePath}.new`, pagePath);
    const kept = new Set(assets.map(({ name }) => name));
    const old = (await readdir(folder)).filter((name) => !kept.has(name));
    for (const name of old) await rm(join(folder, name), { recursive: true });
    return modules;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new PanelError("BUILD_FAILED", `Cannot build the panel: ${words}`, { cause });
  }
}
