import assert from "node:assert/strict";
import test from "node:test";
import { guestSystems } from "../../src/browser/model/guest-system.ts";
import { introduceTroubleshooting, troubleshootingSteps } from "../../src/browser/model/troubleshooting.ts";

for (const system of guestSystems) {
  test(`steps for ${system} go from the look to the cure, each with commands`, () => {
    const steps = troubleshootingSteps(system);
    const subjects = [/running/, /start with/, /log/, /XenStore/, /xe-daemon/, /Restart/, /Install/];
    assert.equal(steps.length, subjects.length);
    for (const [index, { title, text, commands }] of steps.entries()) {
      assert.match(title, subjects[index] ?? /nothing/);
      assert.match(text, /\.$/);
      assert.match(commands, /^\S.*\S$/su);
    }
  });
}

test("the doctor is named where the agent has one", () => {
  const withDoctor = guestSystems.filter((system) => introduceTroubleshooting(system).commands !== undefined);
  assert.deepEqual(withDoctor, ["systemd", "openrc", "sysv", "unknown"]);
});

test("each way to start services has its own commands", () => {
  const restarts = guestSystems.map(
    (system) => troubleshootingSteps(system).find(({ title }) => title.startsWith("Restart"))?.commands,
  );
  assert.match(restarts[0] ?? "", /^systemctl restart nova-agent/);
  assert.equal(restarts[1], "rc-service nova-agent restart");
  assert.equal(restarts[2], "service nova-agent restart");
});

test("no command of another system stands in Windows", () => {
  const all = troubleshootingSteps("windows").map(({ commands }) => commands);
  assert.doesNotMatch(all.join("\n"), /systemctl|service nova|\/dev|journalctl/);
});
