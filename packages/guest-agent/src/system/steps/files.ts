import { SystemError } from "../../errors.ts";
import { BACKUPS_PER_SECOND_MAX } from "../limits.ts";
import type { FileAttributes, FileStatus, NewFileAttributes } from "../system.ts";
import type { StepContext } from "./step.ts";

/** The directory a resolved path is in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}

/** A path in the same directory, under another name. */
export function besides(path: string, name: string): string {
  return `${path.slice(0, path.lastIndexOf("/") + 1)}${name}`;
}

/** Mode of directories that are made on the way to something. */
export const DIRECTORY_MODE = 0o755;

// Random, so that two agents started by mistake never rename each other's half-written file.
const TEMPORARY_RANDOM_BYTES = 8;
const temporaryName = /^\.nova-agent-[0-9a-f]{16}\.tmp$/;

/** A free name for a file that is not finished: `.nova-agent-<16 hex digits>.tmp`, in the directory of `path`. */
export function temporaryBeside(path: string, context: StepContext): string {
  return hiddenBeside(path, { suffix: "tmp", context });
}

/** A free name for what a file may have to become again: `.nova-agent-<16 hex digits>.old`, beside it. */
export function spareBeside(path: string, context: StepContext): string {
  return hiddenBeside(path, { suffix: "old", context });
}

interface HiddenName {
  readonly suffix: string;
  readonly context: StepContext;
}

function hiddenBeside(path: string, { suffix, context }: HiddenName): string {
  const random = context.system.randomBytes(TEMPORARY_RANDOM_BYTES);
  const digits = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return besides(path, `.nova-agent-${digits}.${suffix}`);
}

/** Removes temporary files that a crash has left in a directory, so that none outlives the next write there. */
export function sweepTemporaries(directory: string, { files, log }: StepContext): void {
  for (const name of files.list(directory)) {
    if (!temporaryName.test(name)) continue;
    const path = `${directory === "/" ? "" : directory}/${name}`;
    if (files.status(path)?.kind !== "file") continue;
    files.remove(path);
    log?.warn("Removed what an interrupted write had left", { path });
  }
}

/** A name for a backup that no file has: `<file>.<unix time>.bak`, counted up within one second. */
export function freeBackupName(path: string, { files, system }: StepContext): string {
  const stem = `${path}.${Math.floor(system.unixTime())}`;
  for (let count = 0; count < BACKUPS_PER_SECOND_MAX; count += 1) {
    const name = count === 0 ? `${stem}.bak` : `${stem}.${count}.bak`;
    if (files.status(name) === undefined) return name;
  }
  throw new SystemError("EEXIST", `Every name of a backup of "${path}" is taken`);
}

/** What a new file must get so that it stands for the old one. */
export function attributesOf(path: string, status: FileStatus, { files }: StepContext): FileAttributes {
  const label = files.label(path);
  const { mode, uid, gid } = status;
  return label === undefined ? { mode, uid, gid } : { mode, uid, gid, label };
}

/** Puts a file in the place of `path` in one step; a reader sees the old one or the new one, whole. */
export function putFile(
  path: string,
  content: Uint8Array,
  options: { readonly attributes: FileAttributes | NewFileAttributes; readonly context: StepContext },
): void {
  const { attributes, context } = options;
  const temporary = temporaryBeside(path, context);
  context.files.create(temporary, content, attributes);
  try {
    context.files.rename(temporary, path);
  } catch (error) {
    removeIfThere(temporary, context);
    throw error;
  }
}

/** Makes a directory, and those on the way to it, unless they are there. */
export function makeDirectories(
  path: string,
  options: { readonly mode: number; readonly context: StepContext },
): void {
  const { mode, context } = options;
  const status = context.files.status(path);
  if (status?.kind === "directory") return;
  if (status !== undefined) throw new SystemError("ENOTDIR", `"${path}" is no directory`);
  const parent = parentOf(path);
  makeDirectories(parent, { mode: DIRECTORY_MODE, context });
  context.files.makeDirectory(path, mode);
}

/** Removes a file that may be gone already. */
export function removeIfThere(path: string, { files }: StepContext): void {
  if (files.status(path) !== undefined) files.remove(path);
}
