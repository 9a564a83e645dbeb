import type { Files } from "../system/system.ts";
import { linkName } from "./read-text.ts";
import { writeWhole } from "./write-whole.ts";

/** Writes the number of this process into a file, for service managers that end a service by it. */
export function writePidFile(path: string, files: Files): void {
  writeWhole(path, `${linkName(files, "/proc/self") ?? ""}\n`, files);
}
