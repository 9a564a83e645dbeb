import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isPresent, privateRoot, runChecked } from "@nova-agent/testbed";
import { BUILD_STEP_TIMEOUT_MS } from "../limits.ts";

const directories = ["dev", "proc", "sys", "run", "tmp", "root", "etc", "var/lib", "var/log", "usr/lib64"];
const mergedDirectories = ["bin", "sbin", "lib", "lib64"];
// What nobody reads in a test: documentation, and udev's names and rules of hardware that no guest has. To
// read the rules takes longer than all else that netplan does, several times in each reset.
const leftOut = [
  ...["bash-completion", "bug", "doc", "i18n", "info", "lintian", "locale", "man", "zsh"].map(
    (name) => `usr/share/${name}`,
  ),
  ...["hwdb.d", "rules.d/6*", "rules.d/70-*", "rules.d/71-*", "rules.d/78-*"].map(
    (name) => `lib/udev/${name}`,
  ),
];
const programDirectories = [
  "usr/bin",
  "usr/sbin",
  "usr/lib/netplan",
  "usr/lib/systemd",
  "usr/lib/udev",
  "usr/lib/xen-4.17/bin",
];
const libraryDirectory = "usr/lib/x86_64-linux-gnu";

/** What packs the trees, in whatever they have themselves. */
export const busyboxPackages = ["busybox-static"];

/** What a system that is booted from memory is made of. */
export interface TreeOptions {
  /** Debian packages that are unpacked into it whole, without their documentation. */
  readonly packages: readonly string[];
  /** Folders of files that come last, in this order, and replace what the packages brought. */
  readonly files: readonly string[];
}

/** Lays out a root of Debian's shape (`/bin` is a link to `/usr/bin`) in the empty folder `root`. */
export async function layOutTree(root: string, options: TreeOptions): Promise<void> {
  for (const path of directories) await mkdir(join(root, path), { recursive: true });
  for (const name of mergedDirectories) {
    await mkdir(join(root, "usr", name), { recursive: true });
    await symlink(join("usr", name), join(root, name));
  }
  await symlink("/run", join(root, "var/run"));
  await overlay(await privateRoot(options.packages), root);
  for (const folder of options.files) await overlay(folder, root);
  if (await isPresent(join(root, "usr/bin/busybox"))) await fillUpWithBusybox(root);
}

/** Copies all below `from`, through the links that join `/bin` and `/usr/bin`. */
export async function overlay(from: string, root: string): Promise<void> {
  const excluded = leftOut.map((path) => `--exclude=./${path}`);
  const script = `tar -C "$0" -c --owner=0 --group=0 "$@" . | tar -C "$ROOT" -x --keep-directory-symlink`;
  await runChecked({
    argv: ["sh", "-e", "-c", script, from, ...excluded],
    environment: { ROOT: root },
    timeoutMs: BUILD_STEP_TIMEOUT_MS,
  });
}

/** Every command that no package brought, as busybox has it. */
async function fillUpWithBusybox(root: string): Promise<void> {
  const busybox = join(root, "usr/bin/busybox");
  const list = await runChecked({ argv: [busybox, "--list"], timeoutMs: BUILD_STEP_TIMEOUT_MS });
  for (const name of list.split("\n").filter((line) => line !== "")) {
    const places = ["usr/bin", "usr/sbin"].map((folder) => join(root, folder, name));
    const isThere = await Promise.all(places.map((path) => isPresent(path)));
    if (!isThere.includes(true)) await symlink("busybox", join(root, "usr/bin", name)).catch(ignoreDangling);
  }
}

/** A link whose target exists only in the booted system counts as present. */
function ignoreDangling(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/** Copies one program to where it is looked for, and makes it smaller where this machine has strip. */
export async function addProgram(root: string, program: string, folder = "usr/bin"): Promise<void> {
  const target = join(root, folder, basename(program));
  await mkdir(dirname(target), { recursive: true });
  await cp(program, target, { dereference: true });
  const argv = [
    "sh",
    "-c",
    'command -v strip >/dev/null || exit 0; strip --strip-unneeded "$0"',
    target,
  ] as const;
  await runChecked({ argv, timeoutMs: BUILD_STEP_TIMEOUT_MS });
}

/**
 * Copies the shared libraries of the programs in the tree and of `plugins`, which programs load by name:
 * from the tree's packages where they have them, else from this machine, which has the same release.
 */
export async function addLibraries(root: string, plugins: readonly string[]): Promise<void> {
  const folders = programDirectories.map((path) => join(root, path));
  const found = await Promise.all(folders.map((folder) => filesOf(folder)));
  const programs = [...found.flat(), ...plugins.map((path) => join(root, path))];
  const script = `for file; do LD_LIBRARY_PATH="$0" ldd "$file" 2>/dev/null || true; done`;
  // systemd's own library, too, stands where no other program looks.
  const libraries = [libraryDirectory, `${libraryDirectory}/systemd`].map((path) => join(root, path));
  const listing = await runChecked({
    argv: ["sh", "-c", script, libraries.join(":"), ...programs],
    timeoutMs: BUILD_STEP_TIMEOUT_MS,
  });
  const missing = /^\s*(\S+) => not found/m.exec(listing)?.[1];
  if (missing !== undefined)
    throw new Error(`Library ${missing} is not here: name its package beside the program's`);
  for (const path of parseLibraries(listing)) await copyLibrary(root, path);
}

async function filesOf(folder: string): Promise<readonly string[]> {
  if (!(await isPresent(folder))) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
}

/** The paths in the output of ldd(1): of the libraries, and of the loader, which stands alone. */
export function parseLibraries(listing: string): ReadonlySet<string> {
  const paths = [...listing.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1] ?? "");
  return new Set(paths);
}

async function copyLibrary(root: string, path: string): Promise<void> {
  if (path.startsWith(`${root}/`)) return;
  const isLoader = basename(path).startsWith("ld-linux");
  const target = join(root, isLoader ? "usr/lib64" : libraryDirectory, basename(path));
  await cp(path, target, { dereference: true });
}

/** Writes one file, with the folders on its way. */
export async function addFile(root: string, path: string, content: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

/**
 * Packs the tree into a cpio archive that a kernel unpacks as its root file system, and removes the tree.
 * It stays uncompressed: under emulation, unpacking costs more than copying.
 */
export async function packTree(root: string, archive: string): Promise<void> {
  const busybox = join(await privateRoot(busyboxPackages), "bin/busybox");
  const script = `find . | "$0" cpio --create --format newc > "$1"`;
  await runChecked({
    argv: ["sh", "-e", "-c", script, busybox, archive],
    directory: root,
    timeoutMs: BUILD_STEP_TIMEOUT_MS,
  });
  await rm(root, { recursive: true });
}
