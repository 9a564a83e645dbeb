import assert from "node:assert/strict";
import test from "node:test";
import { formatBytes, usageOf } from "../../src/browser/model/size.ts";

const KIB = 1024;

test("an amount of bytes is told to three figures that matter", () => {
  const amounts = [0, 1, 1023, KIB, 1536, 10.25 * KIB, 512 * KIB ** 2, KIB ** 3, 2.5 * KIB ** 4, KIB ** 6];
  assert.deepEqual(amounts.map(formatBytes), [
    "0 B",
    "1 B",
    "1023 B",
    "1 KiB",
    "1.5 KiB",
    "10.3 KiB",
    "512 MiB",
    "1 GiB",
    "2.5 TiB",
    "1024 PiB",
  ]);
});

test("how much is used is told in words and as a share", () => {
  const words = "384 MiB of 512 MiB used (75 %)";
  assert.deepEqual(usageOf(512 * KIB ** 2, 128 * KIB ** 2), { share: 0.75, words, isNearlyFull: false });
});

test("less than a tenth that is left is nearly full", () => {
  assert.equal(usageOf(1000, 100)?.isNearlyFull, false);
  assert.equal(usageOf(1000, 99)?.isNearlyFull, true);
});

test("what a guest cannot have is not told", () => {
  for (const [total, free] of [
    [null, 1],
    [1, null],
    [0, 0],
    [10, 11],
    [10, -1],
  ] as const) {
    assert.equal(usageOf(total, free), undefined);
  }
});
