import { join } from "node:path";
import { compileC, findUnmetNeeds, repositoryRoot } from "@nova-agent/testbed";
import { measureLoad } from "./xenstore-measure.ts";
import {
  type BenchServer,
  type BenchServerKind,
  peakMemoryMib,
  startBenchServer,
} from "./xenstore-server.ts";
import { printTable, type Row } from "./xenstore-table.ts";

/** Watches of others that stand while `write-watched` is measured. */
const FOREIGN_WATCHES = 10_000;

/** What is measured again and again for a fixed time, in operations a second. */
const timedTests: readonly { readonly test: string; readonly title: string }[] = [
  { test: "read", title: "READ" },
  { test: "write", title: "WRITE" },
  { test: "transaction", title: "transaction of 3 operations" },
  { test: "watch", title: "WRITE until another has the event" },
  { test: "read-pipelined", title: "READ, 32 in flight" },
  { test: "write-pipelined", title: "WRITE, 32 in flight" },
  { test: "read-connections", title: "READ, 32 connections" },
  { test: "write-connections", title: "WRITE, 32 connections" },
  { test: "write-watched", title: "WRITE, 10,000 watches elsewhere" },
];

/** How long and how often; the whole run stays under four minutes. */
interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly nodes: number;
}

const fullPlan: Plan = { rounds: 5, seconds: 0.5, nodes: 100_000 };
const quickPlan: Plan = { rounds: 1, seconds: 0.1, nodes: 5_000 };

/**
 * Measures this repository's XenStore server beside Debian's two, each a process of its own, with the
 * same client. In every round each test runs on one server after the other, so that what disturbs the
 * machine disturbs all of them; the median of the rounds counts.
 */
export async function benchXenstore({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  const unmet = await findUnmetNeeds(["xenstored", "oxenstored", "cc"]);
  if (unmet.length > 0) {
    console.error(`The XenStore bench needs ${unmet.join(", ")}`);
    process.exitCode = 1;
    return;
  }
  const plan = isQuick ? quickPlan : fullPlan;
  const program = await compileC({
    source: join(repositoryRoot(), "bench/client/xenstore-load.c"),
    output: "xenstore-load",
    flags: ["-Wno-format-overflow"],
  });
  const rows = [
    ...(await withServers((servers) => benchTimed({ program, servers, plan }))),
    ...(await withServers((servers) => benchSize({ program, servers, plan }))),
  ];
  printTable(rows);
}

interface Bench {
  readonly program: string;
  readonly servers: readonly BenchServer[];
  readonly plan: Plan;
}

async function withServers(
  body: (servers: readonly BenchServer[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const servers: BenchServer[] = [];
  try {
    for (const kind of ["ours", "c", "ox"] satisfies BenchServerKind[]) {
      servers.push(await startBenchServer(kind));
    }
    return await body(servers);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function benchTimed({ program, servers, plan }: Bench): Promise<readonly Row[]> {
  const { rounds, seconds } = plan;
  const rates = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { test } of timedTests) {
      // Another server goes first in each round.
      for (const server of rotate(servers, round)) {
        const { pid, socketPath } = server;
        const count = FOREIGN_WATCHES;
        const measured = await measureLoad({ program, socketPath, pid, seconds, test, count });
        append(rates, `${test} ${server.kind}`, measured.operations / measured.seconds);
        append(cpu, `${test} ${server.kind}`, measured.cpuUs);
      }
    }
    console.error(`Round ${round + 1} of ${rounds} done`);
  }
  return timedTests.map(({ test, title }) => ({
    title,
    unit: "operations/s",
    isMoreBetter: true,
    values: medians(rates, test),
    cpuUs: medians(cpu, test),
  }));
}

async function benchSize({ program, servers, plan }: Bench): Promise<readonly Row[]> {
  const rates = new Map<string, number[]>();
  const removals = new Map<string, number[]>();
  const memory = new Map<string, number[]>();
  for (const { kind, pid, socketPath } of servers) {
    const base = { program, socketPath, pid, seconds: 0, count: plan.nodes };
    const load = await measureLoad({ ...base, test: "load" });
    append(rates, `load ${kind}`, load.operations / load.seconds);
    append(memory, `memory ${kind}`, await peakMemoryMib(pid));
    const removal = await measureLoad({ ...base, test: "remove" });
    append(removals, `remove ${kind}`, removal.medianUs / 1000);
    console.error(`${kind} filled and emptied`);
  }
  const nodes = plan.nodes.toLocaleString("en");
  return [
    {
      title: `making ${nodes} nodes`,
      unit: "operations/s",
      isMoreBetter: true,
      values: medians(rates, "load"),
    },
    { title: `RM of ${nodes} nodes`, unit: "ms", isMoreBetter: false, values: medians(removals, "remove") },
    {
      title: `peak memory with ${nodes} nodes`,
      unit: "MiB",
      isMoreBetter: false,
      values: medians(memory, "memory"),
    },
  ];
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function medians(lists: ReadonlyMap<string, readonly number[]>, test: string): Row["values"] {
  const of = (kind: BenchServerKind): number => median(lists.get(`${test} ${kind}`) ?? []);
  return { ours: of("ours"), c: of("c"), ox: of("ox") };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
