import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeClock } from "@nova-agent/xenstore/node";

test("a timer runs once time has passed, a cancelled one does not", async () => {
  let cancelledRuns = 0;
  const cancel = nodeClock.after(1, () => (cancelledRuns += 1));
  cancel();
  const startMs = nodeClock.nowMs();
  await new Promise<void>((resolve) => nodeClock.after(5, resolve));
  assert.ok(nodeClock.nowMs() > startMs);
  assert.equal(cancelledRuns, 0);
});

test("a delay longer than a timer can be does not run at once", async () => {
  let runs = 0;
  const cancel = nodeClock.after(2 ** 40, () => (runs += 1));
  await new Promise<void>((resolve) => nodeClock.after(5, resolve));
  cancel();
  assert.equal(runs, 0);
});
