import { readStartTicks } from "../system/processes.ts";
import type { Files } from "../system/system.ts";
import { linkName, listNames, readValue } from "./read-text.ts";

/** Daemons that report the same, as the kernel names them: with at most 15 characters (proc(5)). */
const daemonNames: ReadonlySet<string> = new Set(["xe-daemon", "xen-guest-agent"]);

/** A daemon that runs beside this one. */
export interface OtherDaemon {
  readonly name: string;
  readonly pid: number;
}

/**
 * Finds another daemon that reports on the guest. One with this process's own name counts only when it
 * was started first: of two like this one, each would otherwise keep quiet for the other for ever. Those
 * of containers, which have their own processes, do not report on this guest (pid_namespaces(7)).
 */
export function findOtherDaemon(files: Files): OtherDaemon | undefined {
  const self = Number(linkName(files, "/proc/self"));
  const ownName = nameOf(self, files);
  for (const entry of listNames(files, "/proc")) {
    const pid = Number(entry);
    if (!/^\d+$/.test(entry) || pid === self) continue;
    const name = nameOf(pid, files);
    if (!daemonNames.has(name) || isElsewhere(pid, { than: self, files })) continue;
    if (name !== ownName || isOlder(pid, { than: self, files })) return { name, pid };
  }
  return undefined;
}

function nameOf(pid: number, files: Files): string {
  return readValue(files, `/proc/${pid}/comm`) ?? "";
}

/** Whether the kernel tells that two processes are of two namespaces. */
function isElsewhere(
  pid: number,
  { than: other, files }: { readonly than: number; readonly files: Files },
): boolean {
  const namespace = linkName(files, `/proc/${pid}/ns/pid`);
  return namespace !== undefined && namespace !== linkName(files, `/proc/${other}/ns/pid`);
}

/** Whether a process was started before another one; of two in the same tick, the one of the lower number. */
function isOlder(
  pid: number,
  { than: other, files }: { readonly than: number; readonly files: Files },
): boolean {
  const ticks = readStartTicks(pid, files);
  const otherTicks = readStartTicks(other, files);
  // It is gone by now.
  if (ticks === undefined || otherTicks === undefined) return false;
  return ticks === otherTicks ? pid < other : ticks < otherTicks;
}
