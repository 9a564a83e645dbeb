import { SystemError } from "../errors.ts";
import { READ_CHUNK_MAX_BYTES, READ_CHUNK_MIN_BYTES } from "./limits.ts";
import type { FileAttributes, FileStatus, Files, NewFileAttributes } from "./system.ts";
import { attempt, errnoOf } from "./system-error.ts";

/** Flags of open(2), which differ between machines. */
export interface OpenFlags {
  readonly read: number;
  readonly write: number;
  readonly create: number;
  readonly exclusive: number;
  readonly nonblocking: number;
  readonly noTerminal: number;
  readonly noFollow: number;
  readonly directory: number;
}

/** What stat(2) tells. */
export interface RawStatus {
  /** Kind and permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

/** The calls of the operating system that files need; each throws an error with the errno's name as `code`. */
export interface FileCalls {
  readonly flags: OpenFlags;
  open(path: string, flags: number, mode: number): number;
  close(descriptor: number): void;
  /** Fills the bytes as far as it gets; 0 at the end. */
  read(descriptor: number, bytes: Uint8Array): number;
  /** Takes a part of the bytes or all. */
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
  setMode(descriptor: number, mode: number): void;
  setOwner(descriptor: number, uid: number, gid: number): void;
  statusOf(descriptor: number): RawStatus;
  /** Without following a link. */
  status(path: string): RawStatus;
  list(path: string): string[];
  readLink(path: string): string;
  makeDirectory(path: string, mode: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeLink(target: string, path: string): void;
  /** The SELinux label of a file itself, not of what a link names; undefined where there is none. */
  readLabel(path: string): string | undefined;
  setLabel(file: { readonly descriptor: number; readonly path: string }, label: string): void;
}

// stat(2), inode(7).
const KIND_MASK = 0o170000;
const kinds: ReadonlyMap<number, FileStatus["kind"]> = new Map([
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "link"],
]);

/** The guest's files through a host's calls. */
export function createFiles(calls: FileCalls): Files {
  return {
    read: (path, maxBytes) => attempt(`Cannot read "${path}"`, () => readWhole(calls, { path, maxBytes })),
    list: (path) => attempt(`Cannot list "${path}"`, () => calls.list(path).sort()),
    status: (path) => attempt(`Cannot look at "${path}"`, () => readStatus(calls, path)),
    readLink: (path) => attempt(`Cannot read the link "${path}"`, () => calls.readLink(path)),
    label: (path) => calls.readLabel(path),
    makeDirectory: (path, mode) =>
      attempt(`Cannot create the directory "${path}"`, () => makeDirectory(calls, { path, mode })),
    create: (path, content, attributes) =>
      attempt(`Cannot create "${path}"`, () => create(calls, { path, content, attributes })),
    rename: (from, to) => attempt(`Cannot rename "${from}" to "${to}"`, () => rename(calls, from, to)),
    remove: (path) => attempt(`Cannot remove "${path}"`, () => calls.remove(path)),
    makeLink: (target, path) =>
      attempt(`Cannot create the link "${path}"`, () => makeLink(calls, target, path)),
  };
}

interface Opening {
  readonly path: string;
  readonly flags: number;
  readonly mode?: number;
}

function withDescriptor<Result>(
  calls: FileCalls,
  { path, flags, mode = 0 }: Opening,
  body: (descriptor: number) => Result,
): Result {
  const descriptor = calls.open(path, flags, mode);
  try {
    return body(descriptor);
  } finally {
    calls.close(descriptor);
  }
}

function readWhole(calls: FileCalls, { path, maxBytes }: { path: string; maxBytes: number }): Uint8Array {
  const { read, nonblocking, noTerminal } = calls.flags;
  // Without O_NONBLOCK the open of a FIFO would wait for a writer.
  return withDescriptor(calls, { path, flags: read | nonblocking | noTerminal }, (descriptor) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    // Until the end and not by the size: files of /proc and /sys tell none.
    for (let size = READ_CHUNK_MIN_BYTES; ; size = Math.min(2 * size, READ_CHUNK_MAX_BYTES)) {
      const chunk = new Uint8Array(Math.min(size, maxBytes - total + 1));
      const count = calls.read(descriptor, chunk);
      if (count === 0) return join(chunks, total);
      total += count;
      if (total > maxBytes) throw new SystemError("EFBIG", `"${path}" is over ${maxBytes} bytes`);
      chunks.push(chunk.subarray(0, count));
    }
  });
}

function join(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function readStatus(calls: FileCalls, path: string): FileStatus | undefined {
  try {
    const { mode, uid, gid, size } = calls.status(path);
    return { kind: kinds.get(mode & KIND_MASK) ?? "other", mode: mode & 0o7777, uid, gid, sizeBytes: size };
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function makeDirectory(calls: FileCalls, { path, mode }: { path: string; mode: number }): void {
  calls.makeDirectory(path, 0o700);
  const { read, directory, noFollow } = calls.flags;
  // Again, because the process's umask took bits away.
  withDescriptor(calls, { path, flags: read | directory | noFollow }, (descriptor) =>
    calls.setMode(descriptor, mode),
  );
  syncDirectory(calls, parentOf(path));
}

interface NewFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly attributes: FileAttributes | NewFileAttributes;
}

function create(calls: FileCalls, { path, content, attributes }: NewFile): void {
  const { write, create, exclusive, noFollow } = calls.flags;
  // Nobody else reads it before it has its owner and mode.
  const opening = { path, flags: write | create | exclusive | noFollow, mode: 0o600 };
  withDescriptor(calls, opening, (descriptor) => {
    try {
      for (let at = 0; at < content.length;) at += calls.write(descriptor, content.subarray(at));
      applyAttributes(calls, { descriptor, path }, attributes);
      calls.sync(descriptor);
    } catch (error) {
      removeLeftover(calls, path);
      throw error;
    }
  });
}

/** What made it a leftover is what counts: another failure here would hide it. */
function removeLeftover(calls: FileCalls, path: string): void {
  try {
    calls.remove(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function applyAttributes(
  calls: FileCalls,
  file: { readonly descriptor: number; readonly path: string },
  attributes: FileAttributes | NewFileAttributes,
): void {
  if ("uid" in attributes) applyOwner(calls, file.descriptor, attributes);
  if ("label" in attributes) calls.setLabel(file, attributes.label);
  // Last: a change of owner takes setuid and setgid away.
  calls.setMode(file.descriptor, attributes.mode);
}

function applyOwner(calls: FileCalls, descriptor: number, wanted: FileAttributes): void {
  const { uid, gid } = calls.statusOf(descriptor);
  if (uid !== wanted.uid || gid !== wanted.gid) calls.setOwner(descriptor, wanted.uid, wanted.gid);
}

function rename(calls: FileCalls, from: string, to: string): void {
  calls.rename(from, to);
  syncDirectory(calls, parentOf(to));
}

function makeLink(calls: FileCalls, target: string, path: string): void {
  calls.makeLink(target, path);
  syncDirectory(calls, parentOf(path));
}

/** Makes the entries of a directory durable. */
function syncDirectory(calls: FileCalls, path: string): void {
  const { read, directory } = calls.flags;
  withDescriptor(calls, { path, flags: read | directory }, (descriptor) => {
    try {
      calls.sync(descriptor);
    } catch (error) {
      const code = errnoOf(error);
      // Some file systems cannot sync a directory; what was done in it is done.
      if (code !== "EINVAL" && code !== "ENOTSUP") throw error;
    }
  });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
