import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "../../src/plan.ts";
import { renderPlan } from "../../src/command-line/render-plan.ts";
import { execute } from "../../src/system/executor.ts";
import { undoAll } from "../../src/system/originals.ts";
import { createFakeSystem, type FakeSystem } from "../support/fake-system.ts";

const link: Step = { step: "makeLink", path: "/etc/rc3.d/S15nova-agent", target: "../init.d/nova-agent" };
const reply = { returncode: "0", message: "" };

function carryOut(system: FakeSystem, steps: readonly Step[], isRecorded = false): Promise<void> {
  return execute({ steps, reply, isRecorded }, { system, root: "/mnt" });
}

test("a link is made under the root with the directories on its way", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/mnt");
  await carryOut(system, [link]);
  assert.equal(system.files.readLink("/mnt/etc/rc3.d/S15nova-agent"), "../init.d/nova-agent");
});

test("a link that is there is left, anything else in its place is refused", async () => {
  const system = createFakeSystem();
  system.files.addLink("/mnt/etc/rc3.d/S15nova-agent", "../init.d/nova-agent");
  await carryOut(system, [link]);
  assert.deepEqual(system.files.changes, []);
  await assert.rejects(carryOut(system, [{ ...link, target: "../init.d/other" }]), {
    message: 'Cannot create the link "/etc/rc3.d/S15nova-agent": something else is there',
  });
});

test("a link goes when a later step fails", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/mnt/etc/rc3.d");
  system.files.addDirectory("/mnt/etc/motd");
  const wrong: Step = {
    step: "writeFile",
    path: "/etc/motd",
    content: new Uint8Array(),
    mode: 0o644,
    backup: false,
  };
  await assert.rejects(carryOut(system, [link, wrong]));
  assert.equal(system.files.status("/mnt/etc/rc3.d/S15nova-agent"), undefined);
});

test("undo takes a recorded link away", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/mnt/etc/rc3.d");
  await carryOut(system, [link], true);
  const { paths, losses } = await undoAll({ system, root: "/mnt" });
  assert.deepEqual({ paths, losses }, { paths: ["/etc/rc3.d/S15nova-agent"], losses: [] });
  assert.equal(system.files.status("/mnt/etc/rc3.d/S15nova-agent"), undefined);
});

test("a link is shown with where it leads", () => {
  assert.equal(
    renderPlan({ steps: [link], reply }),
    "link /etc/rc3.d/S15nova-agent to ../init.d/nova-agent\nanswer 0\n",
  );
});
