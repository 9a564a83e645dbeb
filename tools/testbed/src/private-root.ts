import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { APT_TIMEOUT_MS } from "./limits.ts";
import { runChecked } from "./process.ts";
import { cachedFolder, cacheKey, isPresent, repositoryRoot } from "./repository.ts";

/**
 * Unpacks exactly the listed Debian packages, none of their dependencies, into a folder of their own
 * and returns it. Nothing of them is configured or started, and no root is needed. The folder is
 * shared by all who ask for the same list: read it, or copy it (`cp -a`) and change the copy.
 */
export async function privateRoot(packages: readonly string[]): Promise<string> {
  return cachedFolder(rootPath(packages), async (folder) => {
    const sandbox = process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : [];
    await runChecked({
      argv: ["apt-get", ...sandbox, "download", ...packages],
      directory: folder,
      environment: { LC_ALL: "C" },
      timeoutMs: APT_TIMEOUT_MS,
    });
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".deb"))) {
      const archive = join(folder, file);
      await runChecked({ argv: ["dpkg", "-x", archive, folder], timeoutMs: APT_TIMEOUT_MS });
      await rm(archive);
    }
  });
}

/** The folder of `privateRoot(packages)` when it is there already, otherwise undefined. */
export async function existingPrivateRoot(packages: readonly string[]): Promise<string | undefined> {
  const folder = join(repositoryRoot(), ".cache", rootPath(packages));
  return (await isPresent(folder)) ? folder : undefined;
}

function rootPath(packages: readonly string[]): string {
  return join("roots", cacheKey(packages[0] ?? "empty", process.arch, ...packages.toSorted()));
}
