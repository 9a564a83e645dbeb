import { cp, mkdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { repositoryRoot } from "@nova-agent/testbed";

/** Where this repository's packages are in a booted system; Node finds them from there on by name. */
export const INSTALL_DIRECTORY = "usr/lib/nova-agent";

/** Extensions of what Node reads when a package runs. */
const neededExtensions = new Set([".js", ".mjs", ".json"]);

/** Copies built packages of this repository, named by their folders, as npm would install them. */
export async function addWorkspacePackages(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const from = join(repositoryRoot(), folder);
    const to = join(root, INSTALL_DIRECTORY, "node_modules/@nova-agent", basename(folder));
    for (const part of ["package.json", "bin", "dist/src"])
      await copyNeeded(join(from, part), join(to, part));
  }
}

/** Copies a package that npm installed here. */
export async function addInstalledPackage(root: string, name: string): Promise<void> {
  const to = join(root, INSTALL_DIRECTORY, "node_modules", name);
  await copyNeeded(join(repositoryRoot(), "node_modules", name), to);
}

/** Copies a folder of compiled code beside the packages. */
export async function addCompiledFolder(root: string, from: string, name: string): Promise<void> {
  await copyNeeded(from, join(root, INSTALL_DIRECTORY, name));
}

async function copyNeeded(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, filter: isNeeded }).catch((error: NodeJS.ErrnoException) => {
    // Not every package has programs.
    if (error.code !== "ENOENT") throw error;
  });
}

async function isNeeded(path: string): Promise<boolean> {
  return neededExtensions.has(extname(path)) || (await stat(path)).isDirectory();
}
