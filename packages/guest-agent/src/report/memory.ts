/** What a guest has of memory, in KiB. */
export interface Memory {
  readonly totalKib: number;
  /** What programs can still get without swapping. */
  readonly availableKib: number;
}

/** Reads `/proc/meminfo` (proc(5)); undefined when the total is missing. */
export function parseMeminfo(text: string): Memory | undefined {
  const field = (name: string) => {
    const value = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const totalKib = field("MemTotal");
  if (totalKib === undefined) return undefined;
  // Kernels before 3.14 do not know what is available; these are the parts that it is made of.
  const parts = ["MemFree", "Buffers", "Cached"].map((name) => field(name) ?? 0);
  const availableKib = field("MemAvailable") ?? parts.reduce((sum, each) => sum + each, 0);
  return { totalKib, availableKib };
}

/** What is published of it: numbers of KiB, the free ones being those that are available. */
export function memoryNodes(memory: Memory): ReadonlyMap<string, string> {
  return new Map([
    ["data/meminfo_total", String(memory.totalKib)],
    ["data/meminfo_free", String(memory.availableKib)],
  ]);
}
