import assert from "node:assert/strict";
import { test } from "node:test";
import { filesAfter, planOf, readGoldenCases, spellSteps } from "./golden-case.ts";

for (const { name, network, evidence, before, after } of readGoldenCases("netplan")) {
  test(`a reset to ${name} that was killed after any of its steps is completed by the next one`, () => {
    const { steps } = planOf(network, { files: before, evidence });
    const applied = steps.findIndex((step) => step.step === "run" && step.argv[1] === "apply");
    assert.ok(applied > 0);
    for (let killedAfter = 0; killedAfter <= applied; killedAfter += 1) {
      const files = filesAfter(before, steps.slice(0, killedAfter));
      const next = planOf(network, { files, evidence });
      assert.match(spellSteps(next.steps), /^run netplan apply$/m, `killed after ${killedAfter} steps`);
      assert.deepEqual(filesAfter(files, next.steps), after);
    }
  });
}
