import { decodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { Files } from "../system/system.ts";
import { REPORT_FILE_MAX_BYTES } from "./limits.ts";

/** A file's text, or undefined where there is none that can be read: devices come and go at any moment. */
export function readText(files: Files, path: string): string | undefined {
  return unlessRefused(() => decodeUtf8(files.read(path, REPORT_FILE_MAX_BYTES)));
}

/** A file's text without the white space around it, as sysfs has it. */
export function readValue(files: Files, path: string): string | undefined {
  return readText(files, path)?.trim();
}

/** The names in a directory, none where it cannot be read. */
export function listNames(files: Files, path: string): readonly string[] {
  return unlessRefused(() => files.list(path)) ?? [];
}

/** The last name of what a symbolic link points to. */
export function linkName(files: Files, path: string): string | undefined {
  return unlessRefused(() => files.readLink(path))
    ?.split("/")
    .at(-1);
}

/** What the body returns, or undefined when the operating system refuses something in it. */
export function unlessRefused<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
