import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import {
  type HostConnector,
  type OperationRepository,
  OperationRunner,
  type OperationTask,
  type OperationRequest,
} from "../../src/index.ts";
import { createSealer, nodeCrypto } from "../../src/node/index.ts";
import type { ManualClock } from "./manual-clock.ts";
import { MemoryOperations } from "../../src/testing/index.ts";
import { createWorld, GUEST_UUID, type World, type WorldOptions } from "./world.ts";

/** Who asks, in tests. */
export const requester = {
  userId: "user-1",
  projectId: "project-1",
  roles: ["member"],
  requestId: "req-00000000-0000-4000-8000-00000000000a",
} as const;

/** A task for the guest of domain 5. */
export function request(task: OperationTask): OperationRequest {
  return { ...task, instanceId: GUEST_UUID, requester };
}

/** The time of a clock that stands still, as a date. */
export function dateOf(clock: ManualClock): () => Date {
  const beginMs = Date.UTC(2026, 0, 1);
  return () => new Date(beginMs + clock.nowMs());
}

/** One key for all runners of these tests. */
export const sealer = createSealer(new Uint8Array(32).fill(7));

/** A runner on a connector. */
export function createRunner(options: {
  readonly connector: HostConnector;
  readonly operations: OperationRepository;
  readonly clock: ManualClock;
}): OperationRunner {
  const { clock } = options;
  return new OperationRunner({
    ...options,
    sealer,
    crypto: nodeCrypto,
    now: dateOf(clock),
    newId: randomUUID,
  });
}

/** A world with a ledger and a runner. */
export async function createRunnerWorld(
  context: TestContext,
  options: WorldOptions = {},
): Promise<{
  readonly world: World;
  readonly operations: MemoryOperations;
  readonly runner: OperationRunner;
}> {
  const world = await createWorld(context, options);
  const { connector, clock } = world;
  const operations = new MemoryOperations(dateOf(clock));
  const runner = createRunner({ connector, operations, clock });
  context.after(() => runner.close());
  return { world, operations, runner };
}
