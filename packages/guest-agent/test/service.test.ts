import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { commands } from "../src/commands/index.ts";
import { DEFAULT_CONFIG } from "../src/config.ts";
import { createLogger } from "../src/log.ts";
import { createLocalWorkers } from "../src/local-workers.ts";
import { runService } from "../src/service.ts";
import { START_HELD_MAX_MS } from "../src/system/limits.ts";
import { createFakeSystem } from "./support/fake-system.ts";

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
