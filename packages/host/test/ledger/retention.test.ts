import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import {
  AUDIT_KEPT_MS,
  type Log,
  OPERATIONS_KEPT_MS,
  RETENTION_INTERVAL_MS,
  Retention,
} from "../../src/index.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** A retention over a ledger that answers `removed` (an error is thrown), and what it asked and said. */
function start(
  context: TestContext,
  removed: (number | Error)[],
  kept: { readonly keptMs?: number; readonly auditKeptMs?: number } = {},
) {
  const clock = new ManualClock();
  const dates: number[] = [];
  const lines: string[] = [];
  const keep = (message: string) => void lines.push(message);
  const log: Log = { info: keep, warn: keep, error: keep };
  const removeFinishedBefore = async (date: Date): Promise<number> => {
    dates.push(date.getTime());
    const answer = removed.shift() ?? 0;
    if (typeof answer === "number") return answer;
    throw answer;
  };
  const asked: string[] = [];
  const history = {
    removeDeletedBefore: async (date: Date) => asked.push(`instances ${now().getTime() - date.getTime()}`),
    removeAuditBefore: async (date: Date) => asked.push(`audit ${now().getTime() - date.getTime()}`),
    removeExpiredTokens: async () => 0,
  };
  const now = () => new Date(OPERATIONS_KEPT_MS + clock.nowMs());
  const retention = new Retention({
    operations: { removeFinishedBefore },
    history,
    clock,
    now,
    log,
    ...kept,
  });
  context.after(() => retention.close());
  return { clock, dates, lines, asked, retention };
}

test("what was finished 90 days ago is removed at the start and every day", async (context) => {
  const { clock, dates, lines } = start(context, [3, 0]);
  await settled();
  assert.deepEqual(dates, [0]);
  clock.advance(RETENTION_INTERVAL_MS - 1);
  assert.deepEqual(dates, [0]);
  clock.advance(1);
  await settled();
  clock.advance(RETENTION_INTERVAL_MS);
  await settled();
  assert.deepEqual(dates, [0, RETENTION_INTERVAL_MS, 2 * RETENTION_INTERVAL_MS]);
  assert.deepEqual(
    lines.filter((line) => line.includes("operations")),
    ["old operations removed"],
  );
});

test("deleted instances are kept as long as operations, and the audit for a year", async (context) => {
  const { asked } = start(context, []);
  await settled();
  assert.deepEqual(asked, [`instances ${OPERATIONS_KEPT_MS}`, `audit ${AUDIT_KEPT_MS}`]);
});

test("other times may be chosen", async (context) => {
  const { dates, asked } = start(context, [], { keptMs: 1000, auditKeptMs: 2000 });
  await settled();
  assert.deepEqual(dates, [OPERATIONS_KEPT_MS - 1000]);
  assert.deepEqual(asked, ["instances 1000", "audit 2000"]);
});

test("a failure is logged, and the next day is tried again", async (context) => {
  const { clock, dates, lines } = start(context, [new Error("The disk is full")]);
  await settled();
  assert.deepEqual(lines, ["old operations not removed", "old instances removed", "old audit rows removed"]);
  clock.advance(RETENTION_INTERVAL_MS);
  assert.equal(dates.length, 2);
});

test("nothing is removed once it is closed, and no alarm stays", async (context) => {
  const { clock, dates, retention } = start(context, []);
  await retention.close();
  await retention.close();
  assert.equal(clock.alarmCount, 0);
  clock.advance(2 * RETENTION_INTERVAL_MS);
  assert.equal(dates.length, 1);
});
