import { ORIGINALS_PATH } from "../../src/system/originals.ts";

/** A guest's files by path, without the originals that a reset keeps, also one that is taken back. */
export function withoutOriginals(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(ORIGINALS_PATH)));
}
