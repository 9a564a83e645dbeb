import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { commands } from "../../src/commands/index.ts";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { createLogger } from "../../src/log.ts";
import { createLocalWorkers } from "../../src/workers/local-workers.ts";
import { runService } from "../../src/service/service.ts";
import { START_HELD_MAX_MS } from "../../src/system/limits.ts";
import { createFakeSystem } from "../support/fake-system.ts";

const log = createLogger({ level: "error", write: () => {}, unixTime: () => 0 });
const STEP_MS = 1000;

test("a XenStore that does not come holds up the guest's start for as long as the limit says", async () => {
  const clock = createManualClock();
  const system = createFakeSystem({ clock });
  const parts = { system, log, config: DEFAULT_CONFIG, root: "/" };
  const ended = runService({ ...parts, workers: createLocalWorkers({ ...parts, commands }) });
  while (system.notices.length === 0 && clock.nowMs() < 2 * START_HELD_MAX_MS) {
    clock.advance(STEP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(system.notices, ["READY=1"]);
  assert.ok(clock.nowMs() >= START_HELD_MAX_MS && clock.nowMs() <= START_HELD_MAX_MS + STEP_MS);
  system.terminate();
  await ended;
});

const WATCHED_MS = 60_000;

/** What the service manager is told by a service that cannot reach XenStore for a while. */
async function noticesWith(watchdogMs: number | undefined): Promise<readonly string[]> {
  const clock = createManualClock();
  const fake = createFakeSystem({ clock });
  const parts = { system: { ...fake, watchdogMs }, log, config: DEFAULT_CONFIG, root: "/" };
  const ended = runService({ ...parts, workers: createLocalWorkers({ ...parts, commands }) });
  while (clock.nowMs() < WATCHED_MS) {
    clock.advance(STEP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  fake.terminate();
  await ended;
  return fake.notices;
}

test("a watchdog hears from the service in half of its time while XenStore is not there", async () => {
  const notices = await noticesWith(8000);
  assert.ok(notices.filter((state) => state === "WATCHDOG=1").length >= WATCHED_MS / 4000);
});

test("without a watchdog nobody is told that the service lives", async () => {
  assert.deepEqual(await noticesWith(undefined), []);
});
