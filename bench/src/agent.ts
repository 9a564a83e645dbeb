import { findUnmetNeeds, type Need, runChecked } from "@nova-agent/testbed";
import { type BenchGuest, DOMID, type ServerKind, startBenchGuest } from "./agent-guest.ts";
import { BenchHost, encryptPassword, PUBLIC_KEY } from "./agent-host.ts";

/** Requests before anything is measured, so that the engine has compiled what is hot. */
const WARM_UP_REQUESTS = 200;

const VERSION_REQUESTS = 1000;
const PASSWORDS = 1000;
const CHPASSWD_RUNS = 100;
const STARTS = 10;
const PROGRAM_TIMEOUT_MS = 30_000;
const PASSWORD = "correct horse battery staple";

const servers: readonly (readonly [ServerKind, string, readonly Need[]])[] = [
  ["embedded", "embedded XenStore", []],
  ["c", "C xenstored", ["xenstored", "cc"]],
];

/**
 * Measures the agent as the process that runs in guests, over a unix socket: from the moment when the
 * host writes a request until it has read the answer; and from start to ready. The password is set in a
 * tree of files by chpasswd(8), whose own time stands beside it. What this machine does not allow is left
 * out by name.
 */
export async function benchAgent({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  for (const [kind, title, needs] of servers) {
    console.log(`\nAgent on ${title} (milliseconds)\n`);
    if (await isLeftOut(needs)) continue;
    console.log(row("", "runs", "median", "p99"));
    const guest = await startBenchGuest(kind);
    try {
      await benchStart(guest, isQuick);
      await benchRequests(guest, isQuick);
    } finally {
      await guest.close();
    }
  }
}

async function benchStart(guest: BenchGuest, isQuick: boolean): Promise<void> {
  const times: number[] = [];
  const starts = isQuick ? 1 : STARTS;
  for (let run = 0; run < starts; run += 1) {
    const { agent, readyMs } = await guest.startAgent();
    times.push(readyMs);
    await agent.stop();
  }
  report("start of the process until ready", times);
}

async function benchRequests(guest: BenchGuest, isQuick: boolean): Promise<void> {
  const { agent } = await guest.startAgent();
  const host = new BenchHost(guest.host, DOMID);
  const part = isQuick ? 0.02 : 1;
  try {
    await measure(WARM_UP_REQUESTS * part, () => askVersion(host));
    report("version", await measure(VERSION_REQUESTS * part, () => askVersion(host)));
    // To let chpasswd work under another root takes root.
    if (await isLeftOut(["root"])) return;
    const passwords = await measure(PASSWORDS * part, () => setPassword(host));
    report("keyinit and password, with chpasswd", passwords);
    report("chpasswd alone", await measure(CHPASSWD_RUNS * part, () => runChpasswd(guest.root)));
  } finally {
    await host.close();
    await agent.stop();
  }
}

/** Tells what this machine lacks of the needs; false when it lacks nothing. */
async function isLeftOut(needs: readonly Need[]): Promise<boolean> {
  const unmet = await findUnmetNeeds(needs);
  if (unmet.length > 0) console.log(`The rest is left out: it needs ${unmet.join(", ")}`);
  return unmet.length > 0;
}

async function askVersion(host: BenchHost): Promise<number> {
  return expectCode("0", await host.ask("version", "agent")).durationMs;
}

async function setPassword(host: BenchHost): Promise<number> {
  const exchange = expectCode("D0", await host.ask("keyinit", PUBLIC_KEY));
  const data = encryptPassword(exchange.reply.message, PASSWORD);
  return exchange.durationMs + expectCode("0", await host.ask("password", data)).durationMs;
}

function expectCode(code: string, answer: Awaited<ReturnType<BenchHost["ask"]>>): typeof answer {
  if (answer.reply.returncode === code) return answer;
  throw new Error(`Agent answered ${answer.reply.returncode}: ${answer.reply.message}`);
}

/** What the agent runs, with the same root and the same hash. */
async function runChpasswd(root: string): Promise<number> {
  const startedAtMs = performance.now();
  const argv = ["chpasswd", "-c", "SHA512", "-R", root] as const;
  await runChecked({ argv, stdin: `root:${PASSWORD}\n`, timeoutMs: PROGRAM_TIMEOUT_MS });
  return performance.now() - startedAtMs;
}

async function measure(runs: number, body: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await body());
  return times;
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0).toFixed(2);
  console.log(row(what, String(times.length), at(0.5), at(0.99)));
}

function row(what: string, ...columns: readonly string[]): string {
  return what.padEnd(40) + columns.map((column) => column.padStart(10)).join("");
}
