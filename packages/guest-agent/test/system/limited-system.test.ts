import assert from "node:assert/strict";
import { test } from "node:test";
import { limitSystem } from "../../src/system/limited-system.ts";
import { createFakeSystem } from "../support/fake-system.ts";

function createAt(nowMs: number, errno?: string) {
  const clock = { nowMs: () => nowMs, after: () => () => {} };
  return createFakeSystem({ clock, run: () => (errno === undefined ? {} : { errno }) });
}

const call = { argv: ["ifup", "eth0"], timeoutMs: 20_000 } as const;

const cases: readonly (readonly [number, number, number])[] = [
  [0, 1, 20_000],
  [25_000, 1, 5_000],
  [10_000, 0.5, 10_000],
  [28_000, 0.5, 1_000],
];

for (const [nowMs, share, timeoutMs] of cases) {
  test(`at ${nowMs} ms of 30,000 a share of ${share} leaves a program ${timeoutMs} ms`, async () => {
    const system = createAt(nowMs);
    await limitSystem(system, { deadlineMs: 30_000, share }).run(call);
    assert.deepEqual(
      system.calls.map((each) => each.timeoutMs),
      [timeoutMs],
    );
  });
}

test("a program is not started when the time is up", async () => {
  const system = createAt(30_000);
  await assert.rejects(limitSystem(system, { deadlineMs: 30_000, share: 1 }).run(call), { code: "ETIME" });
  assert.deepEqual(system.calls, []);
});

test("whose time was cut is told apart from whose own limit passed", async () => {
  for (const [nowMs, code] of [
    [0, "ETIMEDOUT"],
    [25_000, "ETIME"],
  ] as const) {
    const limited = limitSystem(createAt(nowMs, "ETIMEDOUT"), { deadlineMs: 30_000, share: 1 });
    await assert.rejects(limited.run(call), { code });
  }
});
