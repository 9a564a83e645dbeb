import assert from "node:assert/strict";
import test from "node:test";
import { HostError } from "../../src/index.ts";
import { hasCode } from "../support/has-code.ts";
import { MemoryOperations } from "../../src/testing/index.ts";
import { createRunner, createRunnerWorld, dateOf, request } from "../support/runner-world.ts";

/** A ledger that takes new operations and no note of any. */
class BrokenOperations extends MemoryOperations {
  noteCount = 0;

  override async note(): Promise<void> {
    this.noteCount += 1;
    throw new HostError("DATABASE_FAILED", "The disk is full");
  }
}

test("a fault of the host side is tried again ever more seldom, until the time is over", async (context) => {
  const { world } = await createRunnerWorld(context, { answer: () => ({ code: "0", message: "version" }) });
  const { clock, connector } = world;
  const operations = new BrokenOperations(dateOf(clock));
  const runner = createRunner({ connector, operations, clock });
  context.after(() => runner.close());
  const running = assert.rejects(runner.run(request({ kind: "features" })), hasCode("DATABASE_FAILED"));
  const triedAtMs: number[] = [];
  while (clock.nowMs() <= 30_000) {
    const before = operations.noteCount;
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    if (operations.noteCount > before) triedAtMs.push(clock.nowMs());
    clock.advance(250);
  }
  await running;
  assert.deepEqual(triedAtMs, [0, 250, 750, 1750, 3750, 7750, 15_750, 25_750, 30_000]);
  assert.deepEqual(world.guest.requests, []);
});
