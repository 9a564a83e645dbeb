import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWatchdogMs } from "../../src/system/watchdog.ts";

for (const [text, expected] of [
  ["60000000", 60_000],
  [undefined, undefined],
  ["", undefined],
  ["0", undefined],
  ["soon", undefined],
] as const) {
  test(`WATCHDOG_USEC "${text ?? "unset"}" is ${expected ?? "no watchdog"}`, () => {
    assert.equal(parseWatchdogMs(text), expected);
  });
}
