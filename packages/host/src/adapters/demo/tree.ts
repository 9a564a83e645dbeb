import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type DemoVif, GUEST_DIRECTORIES, GUEST_SOCKET, guestFiles } from "./guest-files.ts";
import { OLD_ROOT } from "./mounts.ts";
import type { MachineParts } from "./shared-paths.ts";
import { standInFiles } from "./stand-in-files.ts";

/** What a guest's tree is made of. */
export interface TreeOptions {
  /** Absolute path on the machine; it must not exist. */
  readonly tree: string;
  readonly vifs: readonly DemoVif[];
  readonly machine: MachineParts;
  /** Path of Node in the guest, for the stand-in of ifup(8); undefined when the guest has a real one. */
  readonly standInNode: string | undefined;
}

/**
 * Creates the guest's root tree: its own files, and an empty place for everything it shares. Nothing
 * is left when it fails; what was at its place before is not touched.
 */
export async function buildTree(options: TreeOptions): Promise<void> {
  await mkdir(options.tree, { mode: 0o755 });
  try {
    await fillTree(options);
  } catch (error) {
    await rm(options.tree, { recursive: true, force: true });
    throw error;
  }
}

async function fillTree({ tree, vifs, machine, standInNode }: TreeOptions): Promise<void> {
  for (const path of [...GUEST_DIRECTORIES, OLD_ROOT]) await mkdir(tree + path, { recursive: true });
  const standIn = standInNode === undefined ? [] : standInFiles(standInNode);
  for (const { path, content, mode } of [...guestFiles(vifs), ...standIn]) {
    await mkdir(dirname(tree + path), { recursive: true });
    await writeFile(tree + path, content);
    // The umask is the caller's business, the guest's modes are not.
    await chmod(tree + path, mode);
  }
  await chmod(`${tree}/tmp`, 0o1777);
  await chmod(`${tree}/root`, 0o700);
  for (const { source, target } of machine.shared) {
    if ((await stat(source)).isDirectory()) await mkdir(tree + target, { recursive: true });
    else await makeFile(tree + target);
  }
  for (const { path, target } of machine.links) await makeLink(tree + path, target);
  for (const path of [...machine.devices, GUEST_SOCKET]) await makeFile(tree + path);
}

async function makeFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
}

async function makeLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
