import { mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFiles } from "./disk.ts";
import { type DemoVif, GUEST_DIRECTORIES, GUEST_SOCKET, type GuestFile, sysfsFiles } from "./guest-files.ts";
import { OLD_ROOT } from "./mounts.ts";
import { type MachineParts, GUEST_CODE, GUEST_NODE, TOP_DIRECTORIES } from "./shared-paths.ts";
import { standInFiles } from "./stand-in-files.ts";

/** What a guest's tree is made ready with for a boot. */
export interface TreeOptions {
  /** Absolute path on the machine. */
  readonly tree: string;
  readonly vifs: readonly DemoVif[];
  readonly machine: MachineParts;
  /** Path of Node in the guest, for the stand-in of ifup(8); undefined when the guest has a real one. */
  readonly standInNode: string | undefined;
  /** What else a boot brings, such as programs besides the machine's. */
  readonly files?: readonly GuestFile[];
}

/**
 * Makes a guest's root tree ready for a boot: what it keeps in memory only is new (/run, /sys), and there
 * is an empty place for everything it shares with the machine. The guest's own files stay.
 */
export async function furnishTree(options: TreeOptions): Promise<void> {
  const { tree, vifs, machine, standInNode, files = [] } = options;
  await clearTree(tree);
  for (const path of [...GUEST_DIRECTORIES, OLD_ROOT]) await mkdir(tree + path, { recursive: true });
  const standIn = standInNode === undefined ? [] : standInFiles(standInNode);
  await writeFiles(tree, [...vifs.flatMap(sysfsFiles), ...standIn, ...files]);
  for (const { source, target } of machine.shared) {
    if ((await stat(source)).isDirectory()) await mkdir(tree + target, { recursive: true });
    else await makeFile(tree + target);
  }
  for (const { path, target } of machine.links) await makeLink(tree + path, target);
  for (const path of [...machine.devices, GUEST_SOCKET]) await makeFile(tree + path);
}

/** Takes out what the boot before brought, which may have been of the other kind. */
async function clearTree(tree: string): Promise<void> {
  const paths = ["/run", "/sys", "/dev", GUEST_NODE, GUEST_CODE, ...TOP_DIRECTORIES];
  for (const path of paths) await rm(tree + path, { recursive: true, force: true });
  const names = await readdir(join(tree, "usr")).catch(() => []);
  for (const name of names.filter((other) => other !== "local")) {
    await rm(join(tree, "usr", name), { recursive: true, force: true });
  }
}

async function makeFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
}

async function makeLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
