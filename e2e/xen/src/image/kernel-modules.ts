import { copyFile, mkdir, readFile, readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { Kernel } from "./kernels.ts";

/**
 * Copies the modules and all that they depend on into `folder`, named so that the order of their names
 * is the order to load them in: `00-llc.ko`, `01-stp.ko`, … Nothing has to resolve dependencies at boot.
 */
export async function copyModules(
  kernel: Kernel,
  options: { readonly names: readonly string[]; readonly folder: string },
): Promise<void> {
  const ordered = await withDependencies(kernel, options.names);
  await mkdir(options.folder, { recursive: true });
  const digits = 2;
  for (const [index, [name, path]] of [...ordered].entries()) {
    await copyFile(path, join(options.folder, `${String(index).padStart(digits, "0")}-${name}.ko`));
  }
}

/**
 * Copies the modules and all that they depend on to where a kernel's modules are, and returns the version of
 * the kernel. depmod(8) is still to be run.
 */
export async function installModules(
  kernel: Kernel,
  options: { readonly names: readonly string[]; readonly root: string },
): Promise<string> {
  const version = basename(dirname(kernel.modules));
  const folder = join(options.root, "lib/modules", version, "kernel");
  for (const path of (await withDependencies(kernel, options.names)).values()) {
    const target = join(folder, relative(kernel.modules, path));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(path, target);
  }
  return version;
}

/** Paths of the modules and of all that they depend on by their names, in the order of loading. */
async function withDependencies(
  kernel: Kernel,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const paths = await findModules(kernel);
  const ordered = new Map<string, string>();
  for (const name of names) await addInOrder(name, { paths, ordered });
  return ordered;
}

/** Path of every unpacked module by its name. */
async function findModules({ modules }: Kernel): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(modules, { recursive: true })).filter((path) => path.endsWith(".ko"));
  return new Map(files.map((path) => [moduleName(path), join(modules, path)]));
}

/** Files may have `-` where the kernel writes `_`. */
function moduleName(path: string): string {
  return basename(path, ".ko").replaceAll("-", "_");
}

interface Selection {
  readonly paths: ReadonlyMap<string, string>;
  /** In the order of loading. */
  readonly ordered: Map<string, string>;
}

async function addInOrder(wanted: string, selection: Selection): Promise<void> {
  const name = moduleName(wanted);
  if (selection.ordered.has(name)) return;
  const path = selection.paths.get(name);
  if (path === undefined) throw new Error(`Module ${name} is not unpacked: name its folder in kernels.ts`);
  for (const dependency of dependenciesOf(await readFile(path, "latin1"))) {
    await addInOrder(dependency, selection);
  }
  selection.ordered.set(name, path);
}

/** The names in the `depends=` entry of a module's `.modinfo` section (modinfo(8)). */
export function dependenciesOf(module: string): readonly string[] {
  const list = /\0depends=([\w,-]*)\0/.exec(module)?.[1] ?? "";
  return list.split(",").filter((name) => name !== "");
}
