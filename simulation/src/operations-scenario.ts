import { checkWorld, judgeOperations } from "./check-world.ts";
import { secretIn } from "./find-secrets.ts";
import { INJECTED_PATHS } from "./guest-disk.ts";
import { GUESTS_MAX, OPERATIONS_MAX, OPERATIONS_MIN, TROUBLE_MS } from "./limits.ts";
import type { AskedOperation, AskedTask } from "./operation-task.ts";
import type { Scenario } from "./scenario.ts";
import { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedHost } from "./simulated-host.ts";
import type { World } from "./world.ts";

/** Guests that are there from the beginning, and operations that are asked for one by one. */
export class OperationsScenario implements Scenario {
  readonly host: SimulatedHost;
  readonly guests: readonly SimulatedGuest[];
  readonly renewsVmData = false;
  readonly #world: World;

  constructor(world: World) {
    const { random } = world;
    this.#world = world;
    this.guests = Array.from(
      { length: random.between(1, GUESTS_MAX) },
      (_none, index) => new SimulatedGuest(world, { name: `guest-${index + 1}`, uuid: random.uuid() }),
    );
    this.host = new SimulatedHost(world);
  }

  async begin(): Promise<void> {
    const { random, clock, faults, nextDomid } = this.#world;
    for (const guest of this.guests) await guest.appear(nextDomid());
    await this.host.start();
    faults.isActive = true;
    const count = random.between(OPERATIONS_MIN, OPERATIONS_MAX);
    for (let number = 1; number <= count; number += 1) {
      const guest = random.pick(this.guests);
      const task = drawTask(this.#world, number);
      const requestId = `req-${number}`;
      const asking = { host: this.host, guest, requestId, task };
      clock.after(random.below(TROUBLE_MS), () => ask(this.#world, asking));
    }
  }

  async probe(): Promise<void> {
    for (const guest of this.guests) {
      if (guest.domid === undefined || guest.isHostile) continue;
      const asking = { host: this.host, guest, requestId: `probe-${guest.name}`, isProbe: true };
      ask(this.#world, { ...asking, task: { kind: "version" } });
    }
  }

  async check(): Promise<readonly string[]> {
    return checkWorld(this.#world, { guests: this.guests, judged: judgeOperations(this.#world) });
  }
}

const taskKinds = [
  "version",
  "features",
  "doctor",
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

interface Asking {
  readonly host: SimulatedHost;
  readonly guest: SimulatedGuest;
  readonly requestId: string;
  readonly task: AskedTask;
  readonly isProbe?: boolean;
}

function ask(world: World, { host, guest, requestId, task, isProbe = false }: Asking): void {
  const { clock, log, operations, secrets, violations } = world;
  const operation: AskedOperation = {
    requestId,
    guest: guest.name,
    task,
    askedAtMs: clock.nowMs(),
    isProbe,
    told: [],
  };
  operations.push(operation);
  secrets.push(...[secretIn(task) ?? []].flat());
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
