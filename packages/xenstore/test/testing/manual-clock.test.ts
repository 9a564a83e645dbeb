import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";

test("timers run at their own moment, in order, also those set on the way", () => {
  const clock = createManualClock(1000);
  const runs: [string, number][] = [];
  const note = (name: string) => () => runs.push([name, clock.nowMs()]);
  clock.after(30, note("late"));
  clock.after(10, note("early"));
  clock.after(10, () => clock.after(5, note("set on the way")));
  clock.after(100, note("not yet"));
  assert.equal(clock.nextTimerMs(), 1010);
  clock.advance(50);
  assert.deepEqual(runs, [
    ["early", 1010],
    ["set on the way", 1015],
    ["late", 1030],
  ]);
  assert.equal(clock.nowMs(), 1050);
  assert.equal(clock.nextTimerMs(), 1100);
});

test("a cancelled timer does not run", () => {
  const clock = createManualClock();
  let runs = 0;
  const cancel = clock.after(10, () => (runs += 1));
  clock.after(10, () => (runs += 10));
  cancel();
  cancel();
  clock.advance(10);
  assert.equal(runs, 10);
});
