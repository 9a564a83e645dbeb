import assert from "node:assert/strict";
import { test } from "node:test";
import { runSeed } from "../src/run-seed.ts";

test("a seed replays exactly", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await runSeed({ seed, isLogKept: true });
    const second = await runSeed({ seed, isLogKept: true });
    assert.deepEqual(second.lines, first.lines);
    assert.equal(second.hash, first.hash);
  }
});

test("two seeds do not give the same run", async () => {
  const [one, other] = [await runSeed({ seed: 1 }), await runSeed({ seed: 2 })];
  assert.notEqual(one.hash, other.hash);
});
