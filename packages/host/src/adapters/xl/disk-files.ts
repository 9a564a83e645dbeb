import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { DISK_COPY_TIMEOUT_MS } from "./limits.ts";
import type { RunProgram } from "./run-program.ts";

/**
 * Copies an image to a place where a disk may be already, which stays then: whole or not at all, even when
 * this process or the machine ends meanwhile. Holes stay holes.
 */
export async function ensureCopy(source: string, target: string, runProgram: RunProgram): Promise<void> {
  if (await isThere(target)) return;
  const unfinished = `${target}.new`;
  await rm(unfinished, { force: true });
  const argv = ["cp", "--reflink=auto", "--sparse=always", "--", source, unfinished] as const;
  try {
    await runProgram({ argv: [...argv], timeoutMs: DISK_COPY_TIMEOUT_MS });
    await moveIntoPlace(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Writes a file that only its owner may read: whole or not at all. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, content, { mode: 0o600, flag: "wx" });
  await moveIntoPlace(unfinished, path);
}

/** The end of a file, or undefined when it is not there. */
export async function readTail(path: string, maxBytes: number): Promise<string | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A file's text, or undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return (await isThere(path)) ? readFile(path, "utf8") : undefined;
}

/** Whether something is at the path. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function moveIntoPlace(unfinished: string, target: string): Promise<void> {
  await sync(unfinished);
  await rename(unfinished, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
