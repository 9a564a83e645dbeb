import { XenstoreError } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../../src/commands/command.ts";

/** XenStore as a tree of paths; directories are what has something under it. */
export function createReader(values: Readonly<Record<string, string>>): XenstoreReader {
  const readText = async (path: string) => {
    const value = values[path];
    if (value === undefined) throw new XenstoreError("ENOENT", path);
    return value;
  };
  const list = async (path: string) => {
    const names = Object.keys(values).filter((each) => each.startsWith(`${path}/`));
    if (names.length === 0) throw new XenstoreError("ENOENT", path);
    return names.map((each) => each.slice(path.length + 1));
  };
  return {
    read: async (path) => Buffer.from(await readText(path)),
    readText,
    list,
    exists: async () => true,
  };
}

/** The paths and values of `vm-data/networking`. */
export function networkingData(networking: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(networking).map(([key, value]) => [`vm-data/networking/${key}`, JSON.stringify(value)]),
  );
}
