import { randomUUID } from "node:crypto";
import { Closers } from "@nova-agent/control";
import { Secret } from "@nova-agent/host";
import { type ControlSide, requester, startControlSide } from "./control-side.ts";
import { openDatabases } from "./databases.ts";
import { type LoadFigures, printLoad, printLoadHeading } from "./figures.ts";

const GUESTS = 1000;
const ROUNDS = 3;

/** One operation for one guest. */
type Operate = (side: ControlSide, instanceId: string) => Promise<unknown>;

/** What is measured: how many operations at the same time, each for another guest. */
interface OperationsTest {
  readonly title: string;
  readonly atOnce: number;
  readonly total: number;
  readonly operate: Operate;
}

const version: Operate = ({ operations }, instanceId) =>
  operations.version({ instanceId, requester: requester() });

const password: Operate = ({ operations }, instanceId) =>
  operations.password({ instanceId, requester: requester() }, new Secret(Buffer.from(randomUUID())));

const tests: readonly OperationsTest[] = [
  { title: "version, one at a time", atOnce: 1, total: 100, operate: version },
  { title: "version, 32 at a time", atOnce: 32, total: 500, operate: version },
  { title: "version, 1,000 at a time", atOnce: 1000, total: 1000, operate: version },
  { title: "password, 32 at a time", atOnce: 32, total: 500, operate: password },
  { title: "password, 1,000 at a time", atOnce: 1000, total: 1000, operate: password },
];

/**
 * Measures operations through the ledger, from the caller's request until the answer is written down:
 * ledger, XenStore and runner are this process, the guests another one that answers at once.
 */
export async function benchOperations({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  const closers = new Closers();
  const guests = isQuick ? GUESTS / 20 : GUESTS;
  const part = isQuick ? 0.05 : 1;
  try {
    const databases = await openDatabases({ after: (close) => closers.add(close) });
    const sides: (readonly [string, ControlSide])[] = [];
    for (const { title, place } of databases) {
      sides.push([title, await startControlSide({ place, guests }, closers)]);
    }
    console.log(`\nOperations through the ledger, ${guests} guests\n`);
    printLoadHeading();
    for (const test of tests) {
      const total = Math.ceil(test.total * part);
      const rounds = sides.map(([title, side]) => ({ title, side, results: [] as LoadFigures[] }));
      for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1) {
        for (const { side, results } of rounds) results.push(await measure(side, { ...test, total }));
      }
      for (const { title, results } of rounds) printLoad(test.title, title, results);
    }
  } finally {
    await closers.close();
  }
}

async function measure(side: ControlSide, { atOnce, total, operate }: OperationsTest): Promise<LoadFigures> {
  const latenciesMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < total) {
      const instanceId = side.instanceIds[begun % side.instanceIds.length] ?? "";
      begun += 1;
      const beganMs = performance.now();
      await operate(side, instanceId);
      latenciesMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: total / seconds, latenciesMs, cpuMs: (user + system) / 1000 / total };
}
