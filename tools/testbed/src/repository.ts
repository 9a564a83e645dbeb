import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository that this compiled file belongs to. */
export function repositoryRoot(): string {
  return fileURLToPath(new URL("../../../../", import.meta.url));
}

/** The folder `.cache/<path>` of the repository, whether it is there or not. */
export function cachePath(path: string): string {
  return join(repositoryRoot(), ".cache", path);
}

/** The name of something cached: a readable start and a hash of everything it depends on. */
export function cacheKey(name: string, ...inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(`${input.length}:${input}`);
  return `${name}-${hash.digest("hex").slice(0, 16)}`;
}

/**
 * The folder `.cache/<path>` of the repository, made by `build` when it is not there. It appears in
 * one step: several processes may build it at once, the first one wins and all get the same.
 */
export async function cachedFolder(path: string, build: (folder: string) => Promise<void>): Promise<string> {
  const target = cachePath(path);
  if (await isPresent(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    await build(folder);
    await rename(folder, target).catch(async (error: unknown) => {
      if (!(await isPresent(target))) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

/** Whether something is at `path`, whatever it is. */
export async function isPresent(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
