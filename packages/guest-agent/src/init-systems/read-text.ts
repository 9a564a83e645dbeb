import { decodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { FileStatus } from "../system/system.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import { SERVICE_FILE_MAX_BYTES } from "./limits.ts";

/** The text of a file; undefined when there is none, or none that can be read. */
export function readTextIfThere(
  path: string,
  files: RootedFiles,
  maxBytes = SERVICE_FILE_MAX_BYTES,
): string | undefined {
  return unlessRefused(() => decodeUtf8(files.read(path, maxBytes)));
}

/** The names in a directory; none when it is not there. */
export function listIfThere(path: string, files: RootedFiles): readonly string[] {
  return unlessRefused(() => files.list(path)) ?? [];
}

/** What stands at the end of all links. */
export function statusBehindLinks(path: string, files: RootedFiles): FileStatus | undefined {
  return unlessRefused(() => files.status(files.resolve(path)));
}

function unlessRefused<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
