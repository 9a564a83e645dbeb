import { readdirSync, readFileSync } from "node:fs";

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

function fieldOf(text: string, name: string): number {
  const value = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`The kernel tells no ${name}`);
  return Number(value);
}
