import assert from "node:assert/strict";
import test from "node:test";
import {
  describeHours,
  failureRate,
  fillHours,
  type FleetKind,
  formatRate,
  healthShares,
  statusShares,
  versionShares,
} from "../../src/browser/model/fleet.ts";

const servers = {
  total: 12,
  by_status: { ERROR: 1, ACTIVE: 8, SHUTOFF: 1, SHELVED: 2 },
  by_health: { healthy: 7, silent: 3, off: 2, none: 0 },
};

test("servers are counted by status in words, the most first", () => {
  assert.deepEqual(
    statusShares({ servers }).map(({ text, count }) => [text, count]),
    [
      ["Active", 8],
      ["SHELVED", 2],
      ["Error", 1],
      ["Off", 1],
    ],
  );
});

test("servers are counted by the health of their agents, without what there is none of", () => {
  assert.deepEqual(
    healthShares({ servers }).map(({ key, count, tone }) => [key, count, tone]),
    [
      ["healthy", 7, "good"],
      ["silent", 3, "bad"],
      ["off", 2, "quiet"],
    ],
  );
});

test("an agent of no known version is counted as such", () => {
  const agents = [
    { version: null, count: 2 },
    { version: "2.1.25", count: 1 },
    { version: "3.0.0", count: 5 },
  ];
  assert.deepEqual(
    versionShares({ agents }).map(({ text, count }) => [text, count]),
    [
      ["3.0.0", 5],
      ["Not known", 2],
      ["2.1.25", 1],
    ],
  );
});

const kind: FleetKind = { kind: "password", done: 0, failed: 0, timed_out: 0, median_ms: null, p95_ms: null };

for (const [counts, words] of [
  [{}, "–"],
  [{ done: 10 }, "0 %"],
  [{ done: 8, failed: 1, timed_out: 1 }, "20 %"],
  [{ done: 999, failed: 1 }, "under 1 %"],
  [{ done: 1, failed: 999 }, "99 %"],
  [{ timed_out: 3 }, "100 %"],
] as const) {
  test(`of ${JSON.stringify(counts)} the failure rate is ${words}`, () => {
    assert.equal(formatRate(failureRate({ ...kind, ...counts })), words);
  });
}

test("hours in which nothing was asked are there, and those too old are not", () => {
  const hours = fillHours(
    [
      { at: "2026-11-23T08:00:00.000Z", done: 9, failed: 9 },
      { at: "2026-11-23T10:00:00.000Z", done: 4, failed: 1 },
    ],
    { count: 3, now: new Date("2026-11-23T11:20:00.000Z") },
  );
  assert.deepEqual(hours, [
    { at: "2026-11-23T09:00:00.000Z", done: 0, failed: 0 },
    { at: "2026-11-23T10:00:00.000Z", done: 4, failed: 1 },
    { at: "2026-11-23T11:00:00.000Z", done: 0, failed: 0 },
  ]);
  assert.equal(describeHours(hours), "In the last 3 hours 4 were done and 1 failed.");
});

test("hours without anything say so", () => {
  const hours = fillHours([], { count: 24, now: new Date("2026-11-23T11:20:00.000Z") });
  assert.equal(describeHours(hours), "Nothing was asked of guests in the last 24 hours.");
});
