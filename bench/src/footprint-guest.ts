import { readFileSync } from "node:fs";
import { runChecked, type RunningProcess, startProcess, waitFor } from "@nova-agent/testbed";
import { type BenchGuest, DOMID, startBenchGuest } from "./agent-guest.ts";
import { BenchHost } from "./agent-host.ts";
import type { Amounts, Footprint, FootprintTask, Subject } from "./footprint-subject.ts";
import { readMemory, readSleeps } from "./process-facts.ts";

// The guest of the footprint's bench: measures each subject of the task on its standard input (JSON) on the
// machine it runs on, as the agent of that machine, and prints a line of JSON for each.

const STARTS_TIMEOUT_MS = 120_000;

/** Requests at a time where it matters only that there are many. */
const AT_ONCE = 16;

const { subjects, amounts, readyTime } = JSON.parse(readFileSync(0, "utf8")) as FootprintTask;
const guest = await startBenchGuest("embedded");
try {
  for (const [index, subject] of subjects.entries()) {
    const startsMs = await measureStarts(subject);
    const rest = await measureRunning(subject, index);
    const { name, sizeBytes } = subject;
    process.stdout.write(`${JSON.stringify({ name, sizeBytes, startsMs, ...rest } satisfies Footprint)}\n`);
  }
} finally {
  await guest.close();
}

async function measureStarts({ argv, readiness }: Subject): Promise<number[]> {
  const output = await runChecked({
    argv: [readyTime, String(amounts.starts), readiness, ...argv],
    environment: environmentOf(guest),
    timeoutMs: STARTS_TIMEOUT_MS,
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => Number(line) / 1000);
}

async function measureRunning(
  { argv, isAgent }: Subject,
  index: number,
): Promise<Omit<Footprint, "name" | "sizeBytes" | "startsMs">> {
  const running = startProcess({ argv, environment: environmentOf(guest) });
  try {
    await waitFor(() => running.stderr().includes("Ready"), { what: argv.join(" ") });
    const { pid } = running;
    await pause(amounts.restMs);
    const atRest = readMemory(pid);
    if (!isAgent) return { atRest, idleSleeps: await countSleeps(pid) };
    return { atRest, ...(await measureAgent(running, index)) };
  } finally {
    await running.stop();
  }
}

async function measureAgent(
  { pid }: RunningProcess,
  index: number,
): Promise<Omit<Footprint, "name" | "sizeBytes" | "startsMs" | "atRest">> {
  const host = new BenchHost(guest.host, DOMID);
  try {
    const roundTripsMs = await askOneByOne(host, amounts.requests);
    await pause(amounts.restMs);
    const afterRequests = readMemory(pid);
    const idleSleeps = await countSleeps(pid);
    await resetNetwork(host, index);
    await pause(amounts.restMs);
    const afterReset = readMemory(pid);
    const growthRssKib = await measureGrowth(host, pid, amounts.growthRequests);
    return { afterRequests, afterReset, roundTripsMs, idleSleeps, growthRssKib };
  } finally {
    await host.close();
  }
}

async function askOneByOne(host: BenchHost, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let asked = 0; asked < count; asked += 1) times.push(await askVersion(host));
  return times;
}

async function askVersion(host: BenchHost): Promise<number> {
  const { reply, durationMs } = await host.ask("version", "agent");
  if (reply.returncode !== "0") throw new Error(`version: ${reply.returncode} ${reply.message}`);
  return durationMs;
}

async function countSleeps(pid: number): Promise<number> {
  const before = readSleeps(pid);
  await pause(amounts.idleMs);
  return readSleeps(pid) - before;
}

/** Gives the first VIF an address that it had not before. */
async function resetNetwork(host: BenchHost, index: number): Promise<void> {
  const networking = {
    label: "public",
    mac: "BC:76:4E:20:6C:5B",
    ips: [{ ip: `198.51.100.${10 + index}`, netmask: "255.255.255.0", enabled: "1" }],
  };
  const key = `/local/domain/${DOMID}/vm-data/networking/BC764E206C5B`;
  await guest.host.write(key, JSON.stringify(networking));
  const { reply } = await host.ask("resetnetwork", "");
  if (reply.returncode !== "0") throw new Error(`resetnetwork: ${reply.returncode} ${reply.message}`);
}

async function measureGrowth(
  host: BenchHost,
  pid: number,
  [first, last]: Amounts["growthRequests"],
): Promise<readonly [number, number]> {
  await askMany(host, first);
  await pause(amounts.restMs);
  const from = readMemory(pid).rssKib;
  await askMany(host, last - first);
  await pause(amounts.restMs);
  return [from, readMemory(pid).rssKib];
}

async function askMany(host: BenchHost, count: number): Promise<void> {
  for (let asked = 0; asked < count; asked += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => askVersion(host)));
  }
}

function environmentOf({ guestSocket }: BenchGuest): Readonly<Record<string, string | undefined>> {
  return { XENSTORED_PATH: guestSocket, NOTIFY_SOCKET: undefined };
}

function pause(afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, afterMs);
  });
}
