import type { Files } from "../system/system.ts";
import { linkName, listNames, readValue } from "./read-text.ts";

/** Daemons that report the same, as the kernel names them: with at most 15 characters (proc(5)). */
const daemonNames: ReadonlySet<string> = new Set(["xe-daemon", "xen-guest-agent"]);

/** A daemon that runs beside this one. */
export interface OtherDaemon {
  readonly name: string;
  readonly pid: number;
}

/** Finds another daemon that reports on the guest. */
export function findOtherDaemon(files: Files): OtherDaemon | undefined {
  const self = linkName(files, "/proc/self");
  for (const entry of listNames(files, "/proc")) {
    if (!/^\d+$/.test(entry) || entry === self) continue;
    const name = readValue(files, `/proc/${entry}/comm`) ?? "";
    if (daemonNames.has(name)) return { name, pid: Number(entry) };
  }
  return undefined;
}
