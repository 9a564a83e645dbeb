import { checkBounds } from "./check-bounds.ts";
import { checkWorld } from "./check-world.ts";
import type { FaultKind } from "./faults.ts";
import { INJECTED_PATHS } from "./guest-disk.ts";
import { GUESTS_MAX, OPERATIONS_MAX, OPERATIONS_MIN, PROBE_MS, QUIET_MS, TROUBLE_MS } from "./limits.ts";
import type { AskedOperation, AskedTask } from "./operation-task.ts";
import { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedHost } from "./simulated-host.ts";
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

/** Runs all that a seed decides, and looks at what came of it. */
export async function runSeed(options: WorldOptions): Promise<RunResult> {
  const world = await createWorld(options);
  const { random } = world;
  const guests = Array.from(
    { length: random.between(1, GUESTS_MAX) },
    (_none, index) => new SimulatedGuest(world, { name: `guest-${index + 1}`, uuid: random.uuid() }),
  );
  const host = new SimulatedHost(world);
  live(world, { guests, host }).catch((error: unknown) =>
    world.violations.push(`the run itself failed: ${String(error)}`),
  );
  await world.clock.run(TROUBLE_MS);
  world.faults.isActive = false;
  await world.clock.run(TROUBLE_MS + QUIET_MS);
  probe(world, { guests, host });
  await world.clock.run(TROUBLE_MS + QUIET_MS + PROBE_MS);
  const violations = [...checkWorld(world, guests), ...checkBounds(world, { guests, host })];
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

async function live(
  world: World,
  { guests, host }: { readonly guests: readonly SimulatedGuest[]; readonly host: SimulatedHost },
): Promise<void> {
  const { random, clock, faults } = world;
  for (const [index, guest] of guests.entries()) await guest.appear(index + 1);
  await host.start();
  const trouble = new Trouble(world, { guests, host });
  faults.isActive = true;
  const count = random.between(OPERATIONS_MIN, OPERATIONS_MAX);
  for (let number = 1; number <= count; number += 1) {
    const guest = random.pick(guests);
    const task = drawTask(world, number);
    const requestId = `req-${number}`;
    clock.after(random.below(TROUBLE_MS), () => ask(world, { host, guest, requestId, task }));
  }
  await trouble.live();
}

const taskKinds = [
  "version",
  "features",
  "password",
  "password",
  "injectFile",
  "injectFile",
  "resetNetwork",
  "kmsactivate",
  "send",
] as const;

/** Commands that nobody has an operation for, known and unknown. */
const SENT_COMMANDS = ["version", "dance", "toString"];

function drawTask({ random }: World, number: number): AskedTask {
  const kind = random.pick(taskKinds);
  switch (kind) {
    case "password":
      return { kind, password: `secret-${number}-${random.next()}` };
    case "injectFile":
      return { kind, path: random.pick(INJECTED_PATHS), content: `content ${number} ${random.next()}` };
    case "resetNetwork": {
      const subnet = `10.0.${number}`;
      const network = { address: `${subnet}.${random.between(2, 250)}/24`, gateway: `${subnet}.1` };
      return { kind, network };
    }
    case "kmsactivate":
      return { kind, key: `key-${number}-${random.next()}` };
    case "send":
      return random.chance(0.5)
        ? { kind, path: random.pick(INJECTED_PATHS), content: `sent ${number} ${random.next()}` }
        : { kind, name: random.pick(SENT_COMMANDS) };
    default:
      return { kind };
  }
}

/** Asks every guest that is there whether all is well again. */
function probe(
  world: World,
  { guests, host }: { readonly guests: readonly SimulatedGuest[]; readonly host: SimulatedHost },
): void {
  for (const guest of guests) {
    if (guest.domid === undefined || guest.isHostile) continue;
    ask(world, { host, guest, requestId: `probe-${guest.name}`, task: { kind: "version" }, isProbe: true });
  }
}

interface Asking {
  readonly host: SimulatedHost;
  readonly guest: SimulatedGuest;
  readonly requestId: string;
  readonly task: AskedTask;
  readonly isProbe?: boolean;
}

function ask(world: World, { host, guest, requestId, task, isProbe = false }: Asking): void {
  const { clock, log, operations, violations } = world;
  const operation: AskedOperation = {
    requestId,
    guest: guest.name,
    task,
    askedAtMs: clock.nowMs(),
    isProbe,
    told: [],
  };
  operations.push(operation);
  log.record(`${requestId} asks ${guest.name} for ${task.kind}`);
  wantAndAsk({ guest, task }, () => host.ask(operation, guest)).catch((error: unknown) =>
    violations.push(`${requestId} failed: ${String(error)}`),
  );
}

/** A network is wanted in vm-data before the guest is told to look. */
async function wantAndAsk(
  { guest, task }: Pick<Asking, "guest" | "task">,
  ask: () => Promise<void>,
): Promise<void> {
  if (task.kind === "resetNetwork") await guest.wantNetwork(task.network);
  await ask();
}

function countEnds({ ledger }: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of ledger.entries.values()) {
    const end = operation.error === null ? operation.state : operation.error.code;
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return counts;
}
