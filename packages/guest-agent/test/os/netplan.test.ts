import assert from "node:assert/strict";
import { test } from "node:test";
import { netplan } from "../../src/os/netplan.ts";
import { wantedOf } from "./models.ts";
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

test("files that are right are applied when the kernel has it otherwise", () => {
  const golden = readGoldenCases("netplan").find(({ name }) => name === "canonical");
  assert.ok(golden);
  const { network, evidence, after } = golden;
  const facts = {
    vifs: network.vifs,
    hostname: "web01",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: after,
  };
  assert.deepEqual(netplan.plan(wantedOf(network), facts), []);
  const kernel = { links: new Map(), routes: [] };
  assert.match(spellSteps(netplan.plan(wantedOf(network), { ...facts, kernel })), /^run netplan apply$/m);
});
