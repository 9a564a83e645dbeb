import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { backends } from "../../src/os/index.ts";
import {
  filesAfter,
  planOf,
  readGoldenCases,
  readGoldenEvidence,
  spellSteps,
  withAllUp,
} from "./golden-case.ts";
import { anyNetwork } from "./models.ts";

for (const backend of backends) {
  for (const golden of readGoldenCases(backend.name)) {
    const { network, evidence, before } = golden;

    test(`${backend.name} turns ${golden.name} into the golden files and steps`, () => {
      const { steps } = planOf(network, { files: before, evidence });
      const after = filesAfter(before, steps);
      assert.deepEqual([...after.keys()].sort(), [...golden.after.keys()].sort());
      for (const [path, text] of golden.after) assert.equal(after.get(path), text, path);
      assert.equal(spellSteps(steps), golden.steps);
    });

    test(`${backend.name} finds nothing to do once ${golden.name} is so`, () => {
      const { steps, reply } = planOf(network, { files: withAllUp(golden.after, network), evidence });
      // The kernel's name is not in the files; it is all that may be left.
      const rest = steps.filter((step) => step.step !== "setHostname");
      assert.equal(spellSteps(rest), "");
      assert.deepEqual(reply, { returncode: "0", message: "" });
    });
  }

  test(`${backend.name} finds nothing to do after its own plan, whatever the network`, () => {
    const evidence = readGoldenEvidence(backend.name);
    // Without the first of these files ifup would not be anybody's.
    const before = new Map([["/etc/network/interfaces", ""]]);
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const { steps } = planOf(network, { files: before, evidence });
        const files = withAllUp(filesAfter(before, steps), network);
        assert.equal(spellSteps(planOf(network, { files, evidence }).steps), "");
      }),
    );
  });
}
