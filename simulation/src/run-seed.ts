import { checkBounds } from "./check-bounds.ts";
import type { FaultKind } from "./faults.ts";
import { InstancesScenario } from "./instances-scenario.ts";
import { PROBE_MS, QUIET_MS, TROUBLE_MS } from "./limits.ts";
import { OperationsScenario } from "./operations-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { Trouble } from "./trouble.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

/** What a run came to. */
export interface RunResult {
  readonly seed: number;
  /** The same for every run of the seed. */
  readonly hash: string;
  /** What was found to be wrong: a sentence each. */
  readonly violations: readonly string[];
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  /** Operations by how they ended in the ledger. */
  readonly ends: ReadonlyMap<string, number>;
  /** What happened, when that was asked for. */
  readonly lines: readonly string[];
}

/** How often a run is one of instances. */
const INSTANCES_RATE = 1 / 2;

/** Runs all that a seed decides, and looks at what came of it. */
export async function runSeed(options: WorldOptions): Promise<RunResult> {
  const world = await createWorld(options);
  const isOfInstances = world.random.chance(INSTANCES_RATE);
  const scenario = isOfInstances ? new InstancesScenario(world) : new OperationsScenario(world);
  live(world, scenario).catch((error: unknown) =>
    world.violations.push(`the run itself failed: ${String(error)}`),
  );
  await world.clock.run(TROUBLE_MS);
  world.faults.isActive = false;
  await world.clock.run(TROUBLE_MS + QUIET_MS);
  await scenario.probe();
  await world.clock.run(TROUBLE_MS + QUIET_MS + PROBE_MS);
  const violations = [...(await scenario.check()), ...checkBounds(world, scenario)];
  for (const violation of violations) world.log.record(`violation: ${violation}`);
  const { lines } = world.log;
  const { counts: faultCounts } = world.faults;
  return {
    seed: options.seed,
    hash: world.log.digest(),
    violations,
    faultCounts,
    ends: countEnds(world),
    lines,
  };
}

async function live(world: World, scenario: Scenario): Promise<void> {
  await scenario.begin();
  await new Trouble(world, scenario).live();
}

function countEnds({ ledger }: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of ledger.entries.values()) {
    const end = operation.error === null ? operation.state : operation.error.code;
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return counts;
}
