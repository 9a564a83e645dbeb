import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import { startTicksOf } from "./start-ticks.ts";
import type { Files } from "./system.ts";

/** Bytes of a file of a process that are read. */
const PROCESS_FILE_MAX_BYTES = 1024 * 1024;

/** A file of a process, such as `/proc/7/stat`, or of any name below `/proc`; undefined when it is gone. */
export function readProcessFile(path: string, files: Files): string | undefined {
  try {
    return decodeLatin1(files.read(path, PROCESS_FILE_MAX_BYTES));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** The words with which each process was started, by its number. */
export function readProcesses(files: Files): ReadonlyMap<number, readonly string[]> {
  const pids = listProcesses(files);
  return new Map(
    pids.flatMap((pid) => {
      const text = readProcessFile(`/proc/${pid}/cmdline`, files) ?? "";
      return text === "" ? [] : [[pid, text.split("\0").filter((word) => word !== "")] as const];
    }),
  );
}

function listProcesses(files: Files): number[] {
  try {
    return files
      .list("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

/** When a process was started, in ticks since the boot; undefined when it is gone. */
export function readStartTicks(pid: number, files: Files): number | undefined {
  const stat = readProcessFile(`/proc/${pid}/stat`, files);
  return stat === undefined ? undefined : startTicksOf(stat);
}
