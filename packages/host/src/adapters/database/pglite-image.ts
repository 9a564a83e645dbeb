import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import type { PGlite } from "@electric-sql/pglite";
import { MIGRATIONS } from "./migrations/index.ts";

/** What the content of an image depends on. */
export interface ImageSource {
  readonly pgliteVersion: string;
  readonly migrations: Readonly<Record<string, readonly string[]>>;
}

/**
 * The image in the directory: the files of an embedded database with all its tables and nothing in them.
 * What is loaded from it needs neither initdb nor migrations. Undefined when there is none for this version,
 * and when it is damaged (gzip's checksum, RFC 1952) or cannot be read: then one is made anew.
 */
export async function readImage(directory: string): Promise<Blob | undefined> {
  try {
    const bytes = await promisify(gunzip)(await readFile(await imagePath(directory)));
    return new Blob([bytes], { type: "application/x-tar" });
  } catch {
    return undefined;
  }
}

/** Makes the image of a database that has its tables and nothing in them. */
export async function writeImage(directory: string, pglite: PGlite): Promise<void> {
  // The image is taken of a running server: whoever loads it has the log since here to go through.
  await pglite.exec("checkpoint");
  const archive = await pglite.dumpDataDir("none");
  const level = constants.Z_BEST_SPEED;
  const bytes = await promisify(gzip)(await archive.arrayBuffer(), { level });
  await mkdir(directory, { recursive: true });
  const path = await imagePath(directory);
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, bytes, { mode: 0o600 });
    // Whole or not at all, whoever else makes one.
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Another version of PGlite and each change of the tables have an image of their own. */
export function imageName({ pgliteVersion, migrations }: ImageSource): string {
  const hash = createHash("sha256").update(JSON.stringify([pgliteVersion, Object.entries(migrations)]));
  return `empty-${hash.digest("hex").slice(0, 16)}.tar.gz`;
}

async function imagePath(directory: string): Promise<string> {
  const description = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
  const { version } = JSON.parse(await readFile(description, "utf8")) as { readonly version?: unknown };
  if (typeof version !== "string") throw new TypeError(`${description.href} names no version`);
  return join(directory, imageName({ pgliteVersion: version, migrations: MIGRATIONS }));
}
