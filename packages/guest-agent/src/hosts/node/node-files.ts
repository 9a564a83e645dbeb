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
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { createFiles, type FileCalls } from "../../system/files-from-calls.ts";
import type { Files } from "../../system/system.ts";
import type { Labels } from "./labels.ts";

/** The guest's files through node:fs; `labels` reads and sets SELinux labels, which node:fs cannot. */
export function createNodeFiles(labels: Labels): Files {
  return createFiles(callsWith(labels));
}

function callsWith(labels: Labels): FileCalls {
  return {
    flags: {
      read: constants.O_RDONLY,
      write: constants.O_WRONLY,
      create: constants.O_CREAT,
      exclusive: constants.O_EXCL,
      nonblocking: constants.O_NONBLOCK,
      noTerminal: constants.O_NOCTTY,
      noFollow: constants.O_NOFOLLOW,
      directory: constants.O_DIRECTORY,
    },
    open: openSync,
    close: closeSync,
    read: (descriptor, bytes) => readSync(descriptor, bytes),
    write: (descriptor, bytes) => writeSync(descriptor, bytes),
    sync: fsyncSync,
    setMode: fchmodSync,
    setOwner: fchownSync,
    statusOf: (descriptor) => fstatSync(descriptor),
    status: (path) => lstatSync(path),
    list: (path) => readdirSync(path),
    readLink: (path) => readlinkSync(path),
    makeDirectory: (path, mode) => mkdirSync(path, { mode }),
    rename: renameSync,
    remove: unlinkSync,
    makeLink: (target, path) => symlinkSync(target, path),
    readLabel: (path) => labels.read(path),
    setLabel: ({ path }, label) => labels.set(path, label),
  };
}
