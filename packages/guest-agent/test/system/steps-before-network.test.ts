import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../../src/plan.ts";
import { createLogger } from "../../src/log.ts";
import { execute } from "../../src/system/executor.ts";
import { PLAN_LIMIT_MS } from "../../src/system/limits.ts";
import { createFakeSystem, type FakeResult } from "../support/fake-system.ts";

const limits = { timeoutMs: 1000, failure: "Failed" };
const file: Step = {
  step: "writeFile",
  path: "/etc/network.conf",
  content: encodeUtf8("new\n"),
  mode: 0o644,
  backup: false,
};

const results: Readonly<Record<string, FakeResult>> = { fails: { status: 1 }, hangs: { errno: "ETIMEDOUT" } };

function carryOut(steps: readonly Step[], isBeforeNetwork = true) {
  const system = createFakeSystem({ run: ({ argv }) => results[argv[0] ?? ""] });
  const plan = { steps, reply: { returncode: "0", message: "" } };
  const log = createLogger({ level: "warn", write: (line) => system.log(line), unixTime: () => 0 });
  const done = execute(plan, { system, root: "/", log, isBeforeNetwork });
  return { system, done };
}

test("before the network's services files are written and only programs that need none of them run", async () => {
  const { system, done } = carryOut([
    {
      step: "applyNetwork",
      interfaces: [],
      steps: [
        file,
        { step: "run", argv: ["reload", "service"], ...limits },
        { step: "run", argv: ["generate"], needsNoService: true, ...limits },
      ],
    },
  ]);
  await done;
  assert.equal(system.files.text("/etc/network.conf"), "new\n");
  assert.deepEqual(
    system.calls.map(({ argv }) => argv),
    [["generate"]],
  );
});

test("before the network's services a plan is taken back without calling on them", async () => {
  const { system, done } = carryOut([
    { step: "whenTakenBack", argv: ["reload", "service"], timeoutMs: 1000 },
    file,
    { step: "run", argv: ["fails"], needsNoService: true, ...limits },
  ]);
  await assert.rejects(done, { code: "AGENT_STEP_FAILED" });
  assert.equal(system.files.text("/etc/network.conf"), undefined);
  assert.deepEqual(
    system.calls.map(({ argv }) => argv),
    [["fails"]],
  );
});

test("a program that is slow before the network's services takes nothing back, and is warned of", async () => {
  const steps: Step[] = [file, { step: "run", argv: ["hangs"], needsNoService: true, ...limits }];
  const { system, done } = carryOut(steps);
  await done;
  assert.equal(system.files.text("/etc/network.conf"), "new\n");
  assert.match(system.lines.join("\n"), /"level":"warn".*Failed: hangs: not done after 1 s/);
  const later = carryOut(steps, false);
  await assert.rejects(later.done, { message: "Failed: hangs: not done after 1 s" });
  assert.equal(later.system.files.text("/etc/network.conf"), undefined);
});

test("a program whose time the whole plan's limit cut short takes nothing back either", async () => {
  const system = createFakeSystem({ run: ({ argv }) => results[argv[0] ?? ""] });
  const hangs: Step = {
    step: "run",
    argv: ["hangs"],
    needsNoService: true,
    timeoutMs: 2 * PLAN_LIMIT_MS,
    failure: "Failed",
  };
  const plan = { steps: [file, hangs], reply: { returncode: "0", message: "" }, isRecorded: true };
  await execute(plan, { system, root: "/", isBeforeNetwork: true });
  assert.equal(system.files.text("/etc/network.conf"), "new\n");
  assert.deepEqual(
    system.calls.map(({ timeoutMs }) => timeoutMs),
    [PLAN_LIMIT_MS],
  );
});
