import { readdirSync, readFileSync } from "node:fs";

/** Of every Linux that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** What a process has in memory, in KiB (proc_pid_smaps(5)). */
export interface Memory {
  readonly rssKib: number;
  /** Its share of what it has in common with others. */
  readonly pssKib: number;
  /** What would come free if it ended, apart from the page cache. */
  readonly privateDirtyKib: number;
}

export function readMemory(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return {
    rssKib: fieldOf(text, "Rss"),
    pssKib: fieldOf(text, "Pss"),
    privateDirtyKib: fieldOf(text, "Private_Dirty"),
  };
}

/** How often the threads of a process went to sleep of themselves so far: as often as something woke them. */
export function readSleeps(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const sleeps = threads.map((thread) =>
    fieldOf(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"), "voluntary_ctxt_switches"),
  );
  return sleeps.reduce((sum, count) => sum + count, 0);
}

/** CPU time that a process has used so far, in its own code and in the kernel, in milliseconds. */
export function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may hold anything, the 14th and 15th field are in ticks (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

function fieldOf(text: string, name: string): number {
  const value = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`The kernel tells no ${name}`);
  return Number(value);
}
