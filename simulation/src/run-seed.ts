import { checkWorld } from "./check-world.ts";
import type { FaultKind } from "./faults.ts";
import { GUESTS_MAX, OPERATIONS_MAX, OPERATIONS_MIN, QUIET_MS, TROUBLE_MS } from "./limits.ts";
import type { AskedOperation } from "./operation-task.ts";
import { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedHost } from "./simulated-host.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

/** What a run came to. */
export interface RunResult {
  readonly seed: number;
  /** The same for every run of the seed. */
  readonly hash: string;
  /** What was found to be wrong: a sentence each. */
  readonly violations: readonly string[];
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  /** Operations by what their callers were told. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What happened, when that was asked for. */
  readonly lines: readonly string[];
}

/** Runs all that a seed decides, and looks at what came of it. */
export async function runSeed(options: WorldOptions): Promise<RunResult> {
  const world = await createWorld(options);
  const running = live(world);
  await world.clock.run(TROUBLE_MS);
  world.faults.isActive = false;
  await world.clock.run(TROUBLE_MS + QUIET_MS);
  await running;
  const violations = checkWorld(world);
  for (const violation of violations) world.log.record(`violation: ${violation}`);
  const { lines } = world.log;
  const { counts: faultCounts } = world.faults;
  const outcomes = countOutcomes(world);
  return { seed: options.seed, hash: world.log.digest(), violations, faultCounts, outcomes, lines };
}

async function live(world: World): Promise<void> {
  const { random, clock, faults } = world;
  const guests = Array.from(
    { length: random.between(1, GUESTS_MAX) },
    (_none, index) => new SimulatedGuest(world, { name: `guest-${index + 1}`, uuid: random.uuid() }),
  );
  for (const [index, guest] of guests.entries()) await guest.boot(index + 1);
  const host = new SimulatedHost(world);
  await host.start();
  faults.isActive = true;
  const count = random.between(OPERATIONS_MIN, OPERATIONS_MAX);
  for (let number = 1; number <= count; number += 1) {
    const guest = random.pick(guests);
    clock.after(random.below(TROUBLE_MS), () => ask(world, { host, guest, number }));
  }
}

function ask(
  world: World,
  {
    host,
    guest,
    number,
  }: { readonly host: SimulatedHost; readonly guest: SimulatedGuest; readonly number: number },
): void {
  const { clock, log, operations, violations } = world;
  const task = { kind: "version" } as const;
  const operation: AskedOperation = {
    number,
    guest: guest.name,
    task,
    askedAtMs: clock.nowMs(),
    outcomes: [],
  };
  operations.push(operation);
  log.record(`operation ${number} asks ${guest.name} for ${task.kind}`);
  host
    .ask(operation, guest)
    .catch((error: unknown) => violations.push(`operation ${number}: ${String(error)}`));
}

function countOutcomes({ operations }: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { outcomes } of operations) {
    for (const { claim } of outcomes) counts.set(claim, (counts.get(claim) ?? 0) + 1);
  }
  return counts;
}
