import * as os from "native:os";
import { check, NativeError } from "@nova-agent/quickjs";
import { createFiles, type FileCalls, type RawStatus } from "../../system/files-from-calls.ts";
import type { Files } from "../../system/system.ts";

/** The guest's files through the system calls of the static executable. */
export function createNativeFiles(): Files {
  return createFiles(calls);
}

const calls: FileCalls = {
  flags: {
    read: os.O_RDONLY,
    write: os.O_WRONLY,
    create: os.O_CREAT,
    exclusive: os.O_EXCL,
    nonblocking: os.O_NONBLOCK,
    noTerminal: os.O_NOCTTY,
    noFollow: os.O_NOFOLLOW,
    directory: os.O_DIRECTORY,
  },
  open: (path, flags, mode) => check(os.open(whole(path), flags, mode)),
  close: (descriptor) => void check(os.close(descriptor)),
  read: (descriptor, bytes) => check(os.read(descriptor, bytes, 0)),
  write: (descriptor, bytes) => check(os.write(descriptor, bytes, 0)),
  sync: (descriptor) => void check(os.fsync(descriptor)),
  setMode: (descriptor, mode) => void check(os.fchmod(descriptor, mode)),
  setOwner: (descriptor, uid, gid) => void check(os.fchown(descriptor, userNumber(uid), userNumber(gid))),
  statusOf: (descriptor) => asStatus(check(os.fstat(descriptor))),
  status: (path) => asStatus(check(os.lstat(whole(path)))),
  list: (path) => check(os.readdir(whole(path))),
  readLink: (path) => check(os.readlink(whole(path))),
  makeDirectory: (path, mode) => void check(os.mkdir(whole(path), mode)),
  rename: (from, to) => void check(os.rename(whole(from), whole(to))),
  remove: (path) => void check(os.unlink(whole(path))),
  makeLink: (target, path) => void check(os.symlink(whole(target), whole(path))),
  readLabel,
  setLabel: ({ descriptor }, label) => void check(os.writeLabel(descriptor, whole(label))),
};

/** A name with a NUL byte would end early. */
function whole(path: string): string {
  if (path.includes("\0")) throw new NativeError("EINVAL");
  return path;
}

/** uid_t has 32 bits; the highest number means "leave it" to fchown(2). */
function userNumber(id: number): number {
  if (id < 0 || id >= 2 ** 32 - 1) throw new NativeError("EINVAL");
  return id;
}

function asStatus([mode, uid, gid, size]: os.Status): RawStatus {
  return { mode, uid, gid, size };
}

function readLabel(path: string): string | undefined {
  const label = os.readLabel(whole(path));
  return typeof label === "number" || label === "" ? undefined : label;
}
