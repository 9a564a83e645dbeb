import assert from "node:assert/strict";
import { test } from "node:test";
import { planOf, readGoldenCases, spellSteps } from "../golden-case.ts";

const STATE = "/run/network/ifstate";

const states: readonly (readonly [string, string | undefined, boolean])[] = [
  ["has no state, because ifup never ran since the start", undefined, false],
  ["knows nothing of the interface", "lo=lo\n", false],
  ["has another interface up, whose name begins alike", "lo=lo\neth00=eth00\n", false],
  ["has it up by another name's stanzas", "lo=lo\neth0=home\n", false],
  ["has it up", "lo=lo\neth0=eth0\n", true],
];

for (const [what, state, isUp] of states) {
  test(`an interface whose file is right is ${isUp ? "left alone" : "brought up"} when ifup ${what}`, () => {
    const golden = readGoldenCases("ifupdown").find(({ name }) => name === "no-gateway");
    assert.ok(golden);
    const { network, evidence, after } = golden;
    const files = new Map([...after, ...(state === undefined ? [] : [[STATE, state] as const])]);
    const steps = spellSteps(planOf(network, { files, evidence }).steps);
    assert.equal(/^run ifup eth0$/m.test(steps), !isUp);
    assert.doesNotMatch(steps, /^write/m);
  });
}
