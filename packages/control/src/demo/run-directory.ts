import { lstat, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { ControlError } from "../errors.ts";
import { type InstanceLock, acquireLock } from "./instance-lock.ts";
import { SOCKET_PATH_MAX_BYTES } from "../limits.ts";

const LOCK_NAME = "lock";
const GUESTS_NAME = "demo-guests";
const LONGEST_SOCKET_NAME = "dom32752.sock";

/** Names that this service puts into its directory; what a killed instance left behind is among them. */
const OWN_NAMES =
  /^(lock(\..+)?|demo-guests?|socket|dom\d+\.sock|openrc|clouds\.yaml|passwords|control\.log)$/;

/** The directory with the sockets, the credentials and the guests' disks, held by this process. */
export interface RunDirectory {
  readonly path: string;
  /** Where the guests' root trees come to be. */
  readonly guests: string;
  /** Removes all that is ours in it, and itself when nothing else is there. Safe to call twice. */
  close(): Promise<void>;
}

/** Where a user's instance runs unless told otherwise. */
export function defaultRunDirectory(): string {
  return join(tmpdir(), `nova-agent-${userInfo().uid}`);
}

/**
 * Creates the directory with mode 0700, or takes the one that is there when it belongs to this user
 * alone; claims it, and clears away what a killed instance left. Throws a ControlError.
 */
export async function openRunDirectory(wanted: string): Promise<RunDirectory> {
  const path = resolve(wanted);
  assertSocketsFit(path);
  await make(path);
  await assertOurs(path);
  const lock = await acquireLock(join(path, LOCK_NAME));
  await removeOwn(path, [LOCK_NAME]);
  return { path, guests: join(path, GUESTS_NAME), close: () => leave(path, lock) };
}

function assertSocketsFit(path: string): void {
  const bytes = Buffer.byteLength(join(path, LONGEST_SOCKET_NAME));
  if (bytes <= SOCKET_PATH_MAX_BYTES) return;
  const message = `Directory ${path} is too deep: a socket in it has ${bytes} bytes of path, over ${SOCKET_PATH_MAX_BYTES}`;
  throw new ControlError("DIRECTORY_TOO_LONG", message, {
    wayOut: "Choose a shorter one: npm start -- --directory DIR",
  });
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError("DIRECTORY_NOT_MADE", `Cannot create ${path}: ${words}`, {
      wayOut: "Choose a place that you may write to: npm start -- --directory DIR",
      cause,
    });
  }
}

/** In a directory that others may write to they could put their own sockets before ours. */
async function assertOurs(path: string): Promise<void> {
  const status = await lstat(path);
  const { uid } = userInfo();
  const isOurs = status.isDirectory() && (uid === -1 || status.uid === uid) && (status.mode & 0o077) === 0;
  if (!isOurs) {
    throw new ControlError("DIRECTORY_UNSAFE", `${path} is not a directory of this user alone (mode 0700)`, {
      wayOut: "Choose another directory: npm start -- --directory DIR",
    });
  }
  const foreign = (await readdir(path)).filter((name) => !OWN_NAMES.test(name));
  if (foreign.length > 0) {
    throw new ControlError(
      "DIRECTORY_NOT_OURS",
      `${path} holds something else: ${foreign.slice(0, 3).join(", ")}`,
      {
        wayOut: "Choose an empty or new directory: npm start -- --directory DIR",
      },
    );
  }
}

async function removeOwn(path: string, kept: readonly string[]): Promise<void> {
  for (const name of await readdir(path).catch(() => [])) {
    if (OWN_NAMES.test(name) && !kept.some((own) => name.startsWith(own))) {
      await rm(join(path, name), { recursive: true, force: true });
    }
  }
}

async function leave(path: string, lock: InstanceLock): Promise<void> {
  await removeOwn(path, [LOCK_NAME]);
  await lock.release();
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    // Another instance may be starting in it already.
    if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY") throw error;
  });
}
