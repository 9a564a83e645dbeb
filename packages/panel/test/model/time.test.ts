import assert from "node:assert/strict";
import test from "node:test";
import { durationBetween, formatAgo, formatDuration, withLocalTimes } from "../../src/browser/model/time.ts";

const now = new Date("2026-11-23T12:00:00.000Z");

for (const [at, words] of [
  ["2026-11-23T12:00:30.000Z", "just now"],
  ["2026-11-23T11:59:55.001Z", "just now"],
  ["2026-11-23T11:59:55.000Z", "5 s ago"],
  ["2026-11-23T11:59:00.001Z", "59 s ago"],
  ["2026-11-23T11:59:00.000Z", "1 min ago"],
  ["2026-11-23T11:00:00.001Z", "59 min ago"],
  ["2026-11-23T11:00:00.000Z", "1 h ago"],
  ["2026-11-22T12:00:00.001Z", "23 h ago"],
  ["2026-11-22T12:00:00.000Z", "1 d ago"],
  ["2026-08-15T12:00:00.000Z", "100 d ago"],
] as const) {
  test(`${at} is ${words} at noon`, () => {
    assert.equal(formatAgo(new Date(at), now), words);
  });
}

for (const [durationMs, words] of [
  [-5, "0 ms"],
  [0, "0 ms"],
  [12.4, "12 ms"],
  [999, "999 ms"],
  [999.6, "1.0 s"],
  [1_000, "1.0 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_900, "1 min 0 s"],
  [60_000, "1 min 0 s"],
  [3_599_000, "59 min 59 s"],
  [3_600_000, "1 h 0 min"],
  [90_061_000, "25 h 1 min"],
] as const) {
  test(`${durationMs} ms are ${words}`, () => {
    assert.equal(formatDuration(durationMs), words);
  });
}

test("between two times lie milliseconds", () => {
  assert.equal(durationBetween("2026-11-23T11:59:58.500Z", "2026-11-23T12:00:00.000Z"), 1_500);
});

test("times in a text are written as the reader writes them", () => {
  const time = "2026-11-23T04:19:48.075Z";
  const words = new Date(time).toLocaleString();
  assert.equal(withLocalTimes(`Heard at ${time}, not at ${time}x`), `Heard at ${words}, not at ${words}x`);
  assert.equal(withLocalTimes("On 2026-11-23 at noon"), "On 2026-11-23 at noon");
});
