import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { ControlError } from "./errors.ts";

/** Where everything is that is there again at the next start. */
export interface DataDirectory {
  /** Of the embedded database; undefined for one in memory. */
  readonly database: string | undefined;
  /** Of the guests' root trees. */
  readonly guests: string;
  /** What seals secrets that wait in the database. */
  readonly sealKey: Uint8Array;
}

/** Data that ends with this process: in memory, and the guests' trees in the run directory. */
export function temporaryData(guests: string): DataDirectory {
  return { database: undefined, guests, sealKey: randomBytes(SEAL_KEY_BYTES) };
}

/** Creates the directory with mode 0700, or takes one of this user alone. Throws DATA_NOT_OPENED. */
export async function openDataDirectory(wanted: string): Promise<DataDirectory> {
  const path = resolve(wanted);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const status = await lstat(path);
    const { uid } = userInfo();
    if (!status.isDirectory() || (uid !== -1 && status.uid !== uid) || (status.mode & 0o077) !== 0) {
      throw new Error("it is not a directory of this user alone (mode 0700)");
    }
    const guests = join(path, "demo-guests");
    await mkdir(guests, { recursive: true, mode: 0o700 });
    return { database: join(path, "database"), guests, sealKey: await ensureKey(join(path, "seal-key")) };
  } catch (cause) {
    throw dataError(`Cannot keep data in ${path}`, cause);
  }
}

/** An error about the directory for data, with a way out. */
export function dataError(message: string, cause: unknown): ControlError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new ControlError("DATA_NOT_OPENED", `${message}: ${words}`, {
    wayOut: "Choose another place: npm start -- --data DIR; without --data nothing is kept",
    cause,
  });
}

/** The key of before, or a new one in a file of mode 0600: whole or not at all, whoever else makes one. */
export async function ensureKey(path: string): Promise<Uint8Array> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, randomBytes(SEAL_KEY_BYTES), { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
  const key = await readFile(path);
  if (key.length !== SEAL_KEY_BYTES)
    throw new Error(`${path} has ${key.length} bytes, not ${SEAL_KEY_BYTES}`);
  return key;
}
