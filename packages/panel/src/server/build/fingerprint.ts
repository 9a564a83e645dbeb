import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A digest of files: those named, and all below the folders named that have one of these endings. */
export async function fingerprint({
  files,
  folders,
  endings,
}: {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly endings: readonly string[];
}): Promise<string> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true });
      const wanted = names.filter((name) => endings.some((ending) => name.endsWith(ending)));
      return wanted.toSorted().map((name) => join(folder, name));
    }),
  );
  const paths = [...files, ...found.flat()];
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  const hash = createHash("sha256");
  for (const [index, path] of paths.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
