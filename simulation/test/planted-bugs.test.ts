import assert from "node:assert/strict";
import { test } from "node:test";
import { plantedBugNames, plantedBugs } from "../src/planted-bugs.ts";
import { runSeed } from "../src/run-seed.ts";

/** Within so many seeds every planted bug is found. */
const SEEDS_MAX = 100;

for (const bug of plantedBugNames) {
  test(`the planted bug ${bug} is found within ${SEEDS_MAX} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { violations } = await runSeed({ seed, bug });
      if (violations.some((violation) => violation.includes(plantedBugs[bug]))) return;
    }
    assert.fail(`No seed up to ${SEEDS_MAX} finds it`);
  });
}
