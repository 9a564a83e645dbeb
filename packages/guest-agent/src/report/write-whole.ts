import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Files } from "../system/system.ts";

const FILE_MODE = 0o644;

/** Writes a file that everybody may read, whole or not at all. */
export function writeWhole(path: string, text: string, files: Files): void {
  const unfinished = `${path}.unfinished`;
  // What an earlier attempt left that was cut off.
  if (files.status(unfinished) !== undefined) files.remove(unfinished);
  files.create(unfinished, encodeUtf8(text), { mode: FILE_MODE });
  files.rename(unfinished, path);
}
