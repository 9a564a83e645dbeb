import assert from "node:assert/strict";
import { test } from "node:test";
import { faultKinds } from "../src/faults.ts";
import { runSeed } from "../src/run-seed.ts";

const SEEDS = 300;

test(`${SEEDS} seeds run without a violation, and every kind of fault strikes in them`, async () => {
  const struck = new Map<string, number>();
  const failures: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations, faultCounts } = await runSeed({ seed });
    for (const violation of violations) failures.push(`seed ${seed}: ${violation}`);
    for (const [kind, count] of faultCounts) struck.set(kind, (struck.get(kind) ?? 0) + count);
  }
  assert.deepEqual(failures, []);
  const missing = faultKinds.filter((kind) => (struck.get(kind) ?? 0) === 0);
  assert.deepEqual(missing, []);
});
