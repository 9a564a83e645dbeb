import { SystemError } from "../errors.ts";
import { REPLACED_FILE_MAX_BYTES } from "./limits.ts";
import type { Files } from "./system.ts";

/**
 * The present content of a file that a plan would change, for showing. What cannot be read is shown as
 * if it were not there; carrying the plan out would say why.
 */
export function readCurrent(path: string, files: Files): Uint8Array | undefined {
  try {
    return files.read(path, REPLACED_FILE_MAX_BYTES);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
