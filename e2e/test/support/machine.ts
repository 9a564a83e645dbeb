import { readFile, readdir, readlink } from "node:fs/promises";
import { runChecked } from "@nova-agent/testbed";

const PROGRAM_TIMEOUT_MS = 10_000;

/** What of the machine a guest must not touch, as text to compare. */
export async function machineState(): Promise<Record<string, string>> {
  const files = ["/etc/hostname", "/etc/passwd", "/etc/hosts", "/etc/resolv.conf", "/proc/self/mountinfo"];
  const state: Record<string, string> = { hostname: await run(["hostname"]) };
  for (const path of files) state[path] = await readFile(path, "utf8").catch(() => "absent");
  state["shadow"] = await readFile("/etc/shadow", "utf8").catch(() => "unreadable");
  state["links"] = await run(["ip", "-o", "link", "show"]);
  state["addresses"] = await run(["ip", "-o", "address", "show"]);
  state["routes"] = await run(["ip", "route", "show", "table", "all"]);
  return state;
}

/** Ids of all processes on this machine whose command line holds `text`. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processIds()) {
    const line = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
    if (line.includes(text)) found.push(pid);
  }
  return found;
}

/** Ids of all processes in the process namespace of the process `pid`. */
export async function processesInNamespaceOf(
  pid: number,
): Promise<{ readonly namespace: string; readonly pids: number[] }> {
  const namespace = await readlink(`/proc/${pid}/ns/pid`);
  return { namespace, pids: await processesInNamespace(namespace) };
}

/** Ids of all processes in a process namespace, named as /proc/<pid>/ns/pid shows it. */
export async function processesInNamespace(namespace: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processIds()) {
    const own = await readlink(`/proc/${pid}/ns/pid`).catch(() => "");
    if (own === namespace) found.push(pid);
  }
  return found;
}

async function processIds(): Promise<number[]> {
  const names = await readdir("/proc");
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

function run(argv: [string, ...string[]]): Promise<string> {
  return runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS });
}
