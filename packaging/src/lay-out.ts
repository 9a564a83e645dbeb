import { chmodSync, lutimesSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { repositoryRoot } from "@nova-agent/testbed";
import type { PackagedFile } from "./packaged-file.ts";

const DIRECTORY_MODE = 0o755;
const GZIP_LEVEL = 9;

/** Where the sources of packages are. */
export const packagingDirectory = join(repositoryRoot(), "packaging");

/** Puts the contents of a package below a folder, everything with the same time, in seconds since 1970. */
export function layOut(contents: readonly PackagedFile[], folder: string, time: number): void {
  for (const entry of contents) {
    const path = join(folder, entry.path);
    makeDirectories(dirname(entry.path), folder);
    if (entry.kind === "link") {
      symlinkSync(entry.target, path);
    } else {
      const bytes = readFileSync(resolve(packagingDirectory, entry.source));
      writeFileSync(path, entry.isCompressed ? gzipSync(bytes, { level: GZIP_LEVEL }) : bytes);
      // Whatever the umask is.
      chmodSync(path, entry.mode);
    }
    lutimesSync(path, time, time);
  }
}

function makeDirectories(path: string, folder: string): void {
  if (path !== ".") makeDirectories(dirname(path), folder);
  mkdirSync(join(folder, path), { recursive: true });
  chmodSync(join(folder, path), DIRECTORY_MODE);
}
