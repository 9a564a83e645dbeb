import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { SystemError } from "../../errors.ts";
import type { FileAttributes, FileStatus, Files, NewFileAttributes } from "../../system/system.ts";
import type { Labels } from "./labels.ts";
import { READ_CHUNK_BYTES } from "./limits.ts";
import { attempt, errnoOf } from "./system-error.ts";

/** The guest's files through node:fs; `labels` reads and sets SELinux labels, which node:fs cannot. */
export function createNodeFiles(labels: Labels): Files {
  return {
    read: (path, maxBytes) => attempt(`Cannot read "${path}"`, () => readWhole(path, maxBytes)),
    list: (path) => attempt(`Cannot list "${path}"`, () => readdirSync(path).sort()),
    status: (path) => attempt(`Cannot look at "${path}"`, () => readStatus(path)),
    readLink: (path) => attempt(`Cannot read the link "${path}"`, () => readlinkSync(path)),
    label: (path) => labels.read(path),
    makeDirectory: (path, mode) =>
      attempt(`Cannot create the directory "${path}"`, () => makeDirectory(path, mode)),
    create: (path, content, attributes) =>
      attempt(`Cannot create "${path}"`, () => create(path, content, { attributes, labels })),
    rename: (from, to) => attempt(`Cannot rename "${from}" to "${to}"`, () => rename(from, to)),
    remove: (path) => attempt(`Cannot remove "${path}"`, () => unlinkSync(path)),
  };
}

function readWhole(path: string, maxBytes: number): Uint8Array {
  // Without O_NONBLOCK the open of a FIFO would wait for a writer.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    return readAll(descriptor, { path, maxBytes });
  } finally {
    closeSync(descriptor);
  }
}

// Until the end and not by the size: files of /proc and /sys tell none.
function readAll(descriptor: number, { path, maxBytes }: { path: string; maxBytes: number }): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(Math.min(READ_CHUNK_BYTES, maxBytes - total + 1));
    const count = readSync(descriptor, chunk);
    if (count === 0) return Uint8Array.from(Buffer.concat(chunks));
    total += count;
    if (total > maxBytes) throw new SystemError("EFBIG", `"${path}" is over ${maxBytes} bytes`);
    chunks.push(chunk.subarray(0, count));
  }
}

function readStatus(path: string): FileStatus | undefined {
  try {
    const stats = lstatSync(path);
    const kind = stats.isFile()
      ? "file"
      : stats.isDirectory()
        ? "directory"
        : stats.isSymbolicLink()
          ? "link"
          : "other";
    return { kind, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, sizeBytes: stats.size };
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function makeDirectory(path: string, mode: number): void {
  mkdirSync(path, { mode: 0o700 });
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    // Again, because the process's umask took bits away.
    fchmodSync(descriptor, mode);
  } finally {
    closeSync(descriptor);
  }
  syncDirectory(dirname(path));
}

interface CreateOptions {
  readonly attributes: FileAttributes | NewFileAttributes;
  readonly labels: Labels;
}

function create(path: string, content: Uint8Array, options: CreateOptions): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  // Nobody else reads it before it has its owner and mode.
  const descriptor = openSync(path, flags, 0o600);
  try {
    for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at);
    applyAttributes(descriptor, path, options);
    fsyncSync(descriptor);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function applyAttributes(descriptor: number, path: string, { attributes, labels }: CreateOptions): void {
  if ("uid" in attributes) applyOwner(descriptor, attributes);
  if ("label" in attributes) labels.set(path, attributes.label);
  // Last: a change of owner takes setuid and setgid away.
  fchmodSync(descriptor, attributes.mode);
}

function applyOwner(descriptor: number, wanted: FileAttributes): void {
  const { uid, gid } = fstatSync(descriptor);
  if (uid !== wanted.uid || gid !== wanted.gid) fchownSync(descriptor, wanted.uid, wanted.gid);
}

function rename(from: string, to: string): void {
  renameSync(from, to);
  syncDirectory(dirname(to));
}

/** Makes the entries of a directory durable. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some file systems cannot sync a directory; what was done in it is done.
    if (errnoOf(error) !== "EINVAL" && errnoOf(error) !== "ENOTSUP") throw error;
  } finally {
    closeSync(descriptor);
  }
}
