import { readFile, readdir, readlink } from "node:fs/promises";
import { runChecked } from "@nova-agent/testbed";

const PROGRAM_TIMEOUT_MS = 10_000;

/** What of the machine a guest must not touch, as text to compare. */
export async function machineState(): Promise<Record<string, string>> {
  const files = ["/etc/hostname", "/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/resolv.conf"];
  const state: Record<string, string> = { hostname: await run(["hostname"]) };
  for (const path of files) state[path] = await readFile(path, "utf8").catch(() => "not to be read");
  state["mounts"] = demoLines(await readFile("/proc/self/mountinfo", "utf8"));
  state["links"] = await run(["ip", "-brief", "link", "show"]);
  state["addresses"] = await run(["ip", "-brief", "address", "show"]);
  state["routes"] = withoutLifetimes(await run(["ip", "route", "show"]));
  state["routes6"] = withoutLifetimes(await run(["ip", "-6", "route", "show"]));
  return state;
}

/** The machine may mount and unmount other things meanwhile. */
function demoLines(mounts: string): string {
  const lines = mounts.split("\n").filter((line) => line.includes("demo-guest"));
  return lines.join("\n");
}

/** Routes that a router announced count down. */
function withoutLifetimes(routes: string): string {
  return routes.replaceAll(/ expires \S+/g, "");
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
