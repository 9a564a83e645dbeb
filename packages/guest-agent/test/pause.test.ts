import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { Pause } from "../src/pause.ts";

/** Whether a promise has resolved once everything that is ready has run. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => {
    setImmediate(resolve, false);
  });
  return Promise.race([promise.then(() => true), later]);
}

test("a pause lasts as long as it was asked for", async () => {
  const clock = createManualClock();
  const wait = new Pause(clock).wait(100);
  clock.advance(99);
  assert.equal(await isDone(wait), false);
  clock.advance(1);
  assert.equal(await isDone(wait), true);
});

test("the end of a pause ends every wait, also those to come, and leaves no timer", async () => {
  const clock = createManualClock();
  const pause = new Pause(clock);
  const waits = [pause.wait(100), pause.wait(200)];
  pause.end();
  await Promise.all([...waits, pause.wait(300)]);
  assert.equal(pause.isEnded, true);
  assert.equal(clock.nextTimerMs(), undefined);
});
