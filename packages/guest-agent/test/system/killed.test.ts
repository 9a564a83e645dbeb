import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { createFakeSystem, type FakeSystem } from "../support/fake-system.ts";

const PATH = "/etc/app/file.conf";

const write: Step = {
  step: "writeFile",
  path: PATH,
  content: encodeUtf8("new\n"),
  mode: 0o600,
  backup: true,
};

function run(system: FakeSystem, step: Step): Promise<void> {
  return execute({ steps: [step], reply: { returncode: "0", message: "" } }, { system, root: "/" });
}

/** Lets an agent do `count` operations on files and then nothing more; says whether it needed more. */
async function runAndKill(system: FakeSystem, options: { step: Step; count: number }): Promise<boolean> {
  const { files } = system;
  let left = options.count;
  files.refuse = (operation, path) => {
    left -= 1;
    if (left >= 0) return undefined;
    // What was begun is there in part.
    if (left === -1 && operation === "create") files.addFile(path, "ha");
    throw new Error("killed");
  };
  const isKilled = await run(system, options.step).then(
    () => false,
    () => true,
  );
  files.refuse = () => undefined;
  return isKilled;
}

for (const [what, old] of [
  ["a new file", undefined],
  ["a file that is replaced", "old\n"],
] as const) {
  test(`${what} is whole, and nothing but backups is left, after a kill at any moment and a repetition`, async () => {
    let isKilled = true;
    for (let count = 0; isKilled; count += 1) {
      const system = createFakeSystem();
      if (old !== undefined) system.files.addFile(PATH, old);
      isKilled = await runAndKill(system, { step: write, count });
      assert.ok([old, "new\n"].includes(system.files.text(PATH)), `after ${count} operations`);
      await run(system, write);
      const { [PATH]: text, ...others } = system.files.all();
      assert.equal(text, "new\n");
      for (const [path, content] of Object.entries(others)) {
        assert.match(path, /^\/etc\/app\/file\.conf\.\d+(\.\d+)?\.bak$/);
        assert.equal(content, old);
      }
    }
  });
}

for (const backup of [true, false]) {
  test(`a removal ${backup ? "with" : "without"} a backup is complete after a kill at any moment and a repetition`, async () => {
    const step: Step = { step: "removeFile", path: PATH, backup };
    let isKilled = true;
    for (let count = 0; isKilled; count += 1) {
      const system = createFakeSystem();
      system.files.addFile(PATH, "old\n");
      isKilled = await runAndKill(system, { step, count });
      await run(system, step);
      const left = Object.entries(system.files.all());
      assert.deepEqual(
        left.map(([path, content]) => [path.endsWith(".bak"), content]),
        backup ? [[true, "old\n"]] : [],
        `after ${count} operations`,
      );
    }
  });
}
