import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Cleanup,
  isPresent,
  repositoryRoot,
  type RunningProcess,
  startProcess,
  temporaryDirectory,
  waitFor,
} from "@nova-agent/testbed";
import { demoTest } from "./support/demo-test.ts";
import { processesWith } from "./support/machine.ts";

/** A directory in which the suite "packages/control unit" is one file with this code. */
async function makeSuite(cleanup: Cleanup, code: string): Promise<string> {
  const root = await temporaryDirectory(cleanup);
  await symlink(join(repositoryRoot(), "tools"), join(root, "tools"));
  await writeFile(join(root, "package.json"), '{"type":"module"}\n');
  // What is compiled counts only as long as its source is there.
  for (const name of ["test/some.test.ts", "dist/test/some.test.js"]) {
    const path = join(root, "packages/control", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `import { test } from "node:test";\n${code}\n`);
  }
  return root;
}

function startSuites(cleanup: Cleanup, directory: string, part = "packages/control"): RunningProcess {
  const script = join(repositoryRoot(), "tools/run-suites.mjs");
  const running = startProcess({
    argv: [process.execPath, script, "check", part],
    environment: { CI: undefined },
    directory,
  });
  cleanup.after(() => running.stop());
  return running;
}

/** Runs a suite of this code; returns the status and the last line. */
async function runSuite(cleanup: Cleanup, code: string): Promise<{ status: number; stdout: string }> {
  return startSuites(cleanup, await makeSuite(cleanup, code)).exited;
}

const PASSES = 'test("passes", () => {});';

/** Ends with status 0 when the results of the first tests are written, before the others have run. */
const ENDS = `for (let at = 0; at < 200; at += 1) test("early " + at, () => new Promise(setImmediate));
  test("ends", () => process.exit(0)); test("last", () => {});`;

demoTest("a suite that passes is told as passed", { needs: [] }, async (cleanup) => {
  const { status, stdout } = await runSuite(cleanup, PASSES);
  assert.equal(status, 0);
  assert.match(stdout, /^1 passed, 0 failed, 0 skipped\n$/m);
});

for (const [what, code] of [
  ["ends by itself in the middle", ENDS],
  ["does not load", `${PASSES} await import("./missing.js");`],
  ["is killed", `${PASSES} test("dies", () => process.kill(process.pid, "SIGKILL"));`],
  ["holds no test", ""],
] as const) {
  demoTest(`a suite that ${what} fails`, { needs: [] }, async (cleanup) => {
    const { status, stdout } = await runSuite(cleanup, code);
    assert.equal(status, 1);
    assert.match(stdout, /^ {2}FAILED: /m);
    assert.match(stdout, /^\d+ passed, [1-9]\d* failed, 0 skipped\n$/m);
  });
}

demoTest("a skipped test is told with its reason", { needs: [] }, async (cleanup) => {
  const code = 'test("one", { skip: "needs a cat" }, () => {}); test("two", { skip: true }, () => {});';
  const { status, stdout } = await runSuite(cleanup, PASSES + code);
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}skipped: one: needs a cat\n {2}skipped: two: no reason given$/m);
  assert.match(stdout, /^1 passed, 0 failed, 2 skipped\n$/m);
});

demoTest("a process that a suite leaves behind does not hold it up", { needs: [] }, async (cleanup) => {
  const code = `import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    test("leaves", () => {
      const child = spawn("sleep", ["3600"], { detached: true, stdio: "inherit" });
      child.unref();
      writeFileSync("pid", String(child.pid));
    });`;
  const root = await makeSuite(cleanup, code);
  const { status } = await startSuites(cleanup, root).exited;
  process.kill(Number(await readFile(join(root, "pid"), "utf8")));
  assert.equal(status, 0);
});

demoTest("a name that no suite has is told", { needs: [] }, async (cleanup) => {
  const root = await makeSuite(cleanup, PASSES);
  const { status, stderr } = await startSuites(cleanup, root, "nonsense").exited;
  assert.equal(status, 1);
  assert.match(stderr, /^No suite is named like "nonsense"; there are format, lint, /);
});

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  demoTest(`${signal} ends the suite that runs, and its files`, { needs: [] }, async (cleanup) => {
    const code = `import { mkdtempSync, writeFileSync } from "node:fs";
      import { tmpdir } from "node:os";
      test("waits", () => {
        writeFileSync("directory", mkdtempSync(tmpdir() + "/some-"));
        return new Promise((resolve) => setTimeout(resolve, 3_600_000));
      });`;
    const root = await makeSuite(cleanup, code);
    const running = startSuites(cleanup, root);
    await waitFor(() => isPresent(join(root, "directory")), { what: "begin of the test" });
    const made = await readFile(join(root, "directory"), "utf8");
    running.kill(signal);
    await running.exited;
    await waitFor(async () => (await processesWith(dirname(made))).length === 0, {
      what: "end of the suite",
    });
    if (signal === "SIGINT") assert.equal(await isPresent(made), false);
  });
}
