/** Where a status file is, in the directory that is given or the usual one. */
export function statusPathIn(directory: string | undefined): string {
  // systemd separates several by colons; the first is the unit's own.
  const [first = ""] = (directory ?? "").split(":");
  return `${first === "" ? "/run/nova-agent" : first}/status.json`;
}

/**
 * When a process was started, in ticks since the boot, from the text of `/proc/PID/stat` (proc(5), field
 * 22); -1 when it is none. The name in parentheses may hold anything.
 */
export function startTicksOf(stat: string): number {
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return ticks === undefined || !/^\d+$/.test(ticks) ? -1 : Number(ticks);
}
