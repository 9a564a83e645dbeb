import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { createLogger } from "../../src/log.ts";
import type { Step } from "../../src/plan.ts";
import { Secret } from "../../src/secret.ts";
import { execute } from "../../src/system/executor.ts";
import type { ProgramCall } from "../../src/system/system.ts";
import { type FakeResult, type FakeSystem, createFakeSystem } from "../support/fake-system.ts";

const KEY = "first-key,second-key";

function step(key: Uint8Array = encodeUtf8(KEY)): Step {
  return {
    step: "runPython",
    interpreter: ["/usr/bin/python3", "-Es"],
    argv: ["/usr/sbin/tool", "register", "--key", new Secret(key), "--name=\u00e4 b"],
    timeoutMs: 25_000,
    failure: "Couldn't activate with RHN",
  };
}

function run(system: FakeSystem, steps: readonly Step[], root = "/"): Promise<void> {
  const log = createLogger({ level: "debug", write: (line) => system.log(line), unixTime: () => 0 });
  return execute({ steps, reply: { returncode: "0", message: "" } }, { system, root, log });
}

test("the words go through standard input, and the arguments name the interpreter and no word", async () => {
  const system = createFakeSystem();
  await run(system, [step()]);
  const [call] = system.calls;
  assert.deepEqual(call?.argv.slice(0, 3), ["/usr/bin/python3", "-Es", "-c"]);
  assert.equal(call?.argv.length, 4);
  assert.equal(call.stdin, `/usr/sbin/tool\0register\0--key\0${KEY}\0--name=\u00e4 b`);
  assert.equal(call.timeoutMs, 25_000);
  assert.ok(!(call.argv.join(" ") + system.lines.join("")).includes("key,"));
});

test("the key and the input that held it are zeroed, whether the program succeeded or not", async () => {
  for (const status of [0, 1]) {
    const fake = createFakeSystem();
    const inputs: Uint8Array[] = [];
    const empty = new Uint8Array();
    const keepInput = async ({ stdin }: ProgramCall) => {
      if (stdin !== undefined) inputs.push(stdin);
      return { status, stdout: empty, stderr: empty };
    };
    const key = encodeUtf8(KEY);
    await run({ ...fake, run: keepInput }, [step(key)]).catch(() => {});
    assert.ok((inputs[0]?.length ?? 0) > KEY.length);
    assert.ok(inputs[0]?.every((byte) => byte === 0));
    assert.ok(key.every((byte) => byte === 0));
  }
});

test("a key that a failed step before it kept from being used is wiped", async () => {
  const key = encodeUtf8(KEY);
  const failing: Step = { step: "run", argv: ["false"], timeoutMs: 1, failure: "" };
  await assert.rejects(run(createFakeSystem({ run: () => ({ status: 1 }) }), [failing, step(key)]));
  assert.ok(key.every((byte) => byte === 0));
});

const failures: readonly (readonly [string, FakeResult, string])[] = [
  ["its status and words", { status: 70, stderr: "None of the keys\n" }, "70 : None of the keys"],
  ["what it printed instead", { status: 255, stdout: "Invalid token" }, "255 : Invalid token"],
  [
    "no key, whole or one of several",
    { status: 1, stderr: `${KEY} second-key?` },
    "1 : [redacted] [redacted]?",
  ],
  ["its own name when time is up", { errno: "ETIMEDOUT" }, "/usr/sbin/tool: not done after 25 s"],
];

for (const [what, result, message] of failures) {
  test(`a Python program that fails tells ${what}`, async () => {
    const system = createFakeSystem({ run: () => result });
    await assert.rejects(run(system, [step()]), {
      code: "AGENT_STEP_FAILED",
      message: `Couldn't activate with RHN: ${message}`,
    });
    assert.ok(!system.lines.join("").includes("second-key"));
  });
}

test("under another root no program of its own is run", async () => {
  const system = createFakeSystem();
  await run(system, [step()], "/guest");
  assert.deepEqual(system.calls, []);
  assert.match(system.lines.join(""), /Program not run under another root.*\/usr\/sbin\/tool/);
});
