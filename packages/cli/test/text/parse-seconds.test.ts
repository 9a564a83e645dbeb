import assert from "node:assert/strict";
import test from "node:test";
import { parseCount, parseSeconds } from "../../src/text/parse-seconds.ts";

const seconds = [
  ["30", 30_000],
  ["0.5", 500],
  ["86400", 86_400_000],
] as const;

for (const [text, milliseconds] of seconds) {
  test(`--timeout ${text} is ${milliseconds} ms`, () => assert.equal(parseSeconds(text), milliseconds));
}

for (const text of ["0", "0.0001", "-1", "", "x", "1e3", "86401", "30s", "Infinity"]) {
  test(`--timeout "${text}" is wrong usage`, () => assert.throws(() => parseSeconds(text), /more than 0/));
}

test("a count is a whole number from 1", () => {
  assert.equal(parseCount("12"), 12);
  for (const text of ["0", "-1", "1.5", "", "x", "9999999999"]) {
    assert.throws(() => parseCount(text), /whole number/);
  }
});
