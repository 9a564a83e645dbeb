import { chmod, mkdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type DemoVif,
  GUEST_DIRECTORIES,
  type GuestFile,
  guestFiles,
  type GuestLink,
} from "./guest-files.ts";

/** What a guest is installed with. */
export interface DiskOptions {
  readonly vifs: readonly DemoVif[];
  /** Besides what every guest has. */
  readonly files?: readonly GuestFile[];
  readonly links?: readonly GuestLink[];
}

/**
 * Makes the root tree of a freshly installed guest, which stands for its disk: the guest's own files, and
 * nothing that a boot adds. Nothing is left when it fails; what was at its place before is not touched.
 */
export async function makeDisk(tree: string, { vifs, files = [], links = [] }: DiskOptions): Promise<void> {
  await mkdir(tree, { mode: 0o755 });
  try {
    for (const path of GUEST_DIRECTORIES) await mkdir(tree + path, { recursive: true });
    await writeFiles(tree, [...guestFiles(vifs), ...files]);
    for (const { path, target } of links) {
      await mkdir(dirname(tree + path), { recursive: true });
      await symlink(target, tree + path);
    }
    await chmod(`${tree}/tmp`, 0o1777);
    await chmod(`${tree}/root`, 0o700);
  } catch (error) {
    await removeDisk(tree);
    throw error;
  }
}

/** Makes the disk unless it is there: whole or not at all, even when this process is killed meanwhile. */
export async function ensureDisk(tree: string, options: DiskOptions): Promise<void> {
  if ((await stat(tree).catch(() => undefined)) !== undefined) return;
  const unfinished = `${tree}.new`;
  await removeDisk(unfinished);
  await makeDisk(unfinished, options);
  await rename(unfinished, tree);
}

/** Removes a disk; nothing happens where there is none. */
export function removeDisk(tree: string): Promise<void> {
  return rm(tree, { recursive: true, force: true });
}

/** Writes files into a tree, over what is at their places. */
export async function writeFiles(tree: string, files: readonly GuestFile[]): Promise<void> {
  for (const { path, content, mode } of files) {
    await mkdir(dirname(tree + path), { recursive: true });
    await writeFile(tree + path, content);
    // The umask is the caller's business, the guest's modes are not.
    await chmod(tree + path, mode);
  }
}
