import assert from "node:assert/strict";
import { test } from "node:test";
import { isBeforeNetwork } from "../../src/system/boot.ts";
import { createFakeSystem, type FakeResult } from "../support/fake-system.ts";

/** Asks in a guest that systemd has started, with these answers of systemctl(1). */
function ask(answers: Readonly<Record<string, FakeResult>>): Promise<boolean> {
  const system = createFakeSystem({ run: ({ argv }) => answers[argv.slice(1).join(" ")] });
  system.files.addDirectory("/run/systemd/system");
  return isBeforeNetwork(system);
}

const cases = [
  ["initializing", "inactive", true],
  ["starting", "inactive", true],
  ["starting", "active", false],
  ["running", "inactive", false],
  ["degraded", "inactive", false],
] as const;

for (const [state, target, expected] of cases) {
  test(`with the system ${state} and the network's target ${target} it is ${expected}`, async () => {
    const answers = {
      "is-system-running": { status: state === "running" ? 0 : 1, stdout: `${state}\n` },
      "is-active network.target": { status: target === "active" ? 0 : 3, stdout: `${target}\n` },
    };
    assert.equal(await ask(answers), expected);
  });
}

test("without systemd nothing is asked and it is false", async () => {
  const system = createFakeSystem();
  assert.equal(await isBeforeNetwork(system), false);
  assert.deepEqual(system.calls, []);
});

test("a systemctl that cannot be run leaves it false", async () => {
  assert.equal(await ask({ "is-system-running": { errno: "ENOENT" } }), false);
});
