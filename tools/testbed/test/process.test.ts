import assert from "node:assert/strict";
import { test } from "node:test";
import { runChecked, runProgram, startProcess, waitFor } from "../src/index.ts";

test("a program gets its input and variables and gives back output and status", async () => {
  const outcome = await runProgram({
    argv: ["sh", "-c", 'cat; echo "$GREETING" >&2; exit 3'],
    environment: { GREETING: "hello" },
    stdin: "in",
    timeoutMs: 10_000,
  });
  assert.deepEqual(outcome, { status: 3, stdout: "in", stderr: "hello\n" });
});

test("a checked program that fails rejects with what it said", async () => {
  const failing = runChecked({ argv: ["sh", "-c", "echo why >&2; exit 1"], timeoutMs: 10_000 });
  await assert.rejects(failing, /status 1\nwhy/);
});

test("a program that takes too long is ended and rejects", async () => {
  await assert.rejects(runProgram({ argv: ["sleep", "600"], timeoutMs: 50 }), /took over 50 ms/);
});

test("a program that is not there ends with status 127", async () => {
  const outcome = await runProgram({ argv: ["/nonexistent/program"], timeoutMs: 10_000 });
  assert.equal(outcome.status, 127);
});

test("a stopped process is gone, and stopping it again does nothing", async () => {
  const running = startProcess({ argv: ["sleep", "600"] });
  assert.equal(running.isRunning(), true);
  await running.stop();
  await running.stop();
  assert.equal(running.isRunning(), false);
  assert.throws(() => process.kill(running.pid, 0), { code: "ESRCH" });
});

test("a process that ignores SIGTERM is killed", async () => {
  const running = startProcess({ argv: ["sh", "-c", 'trap "" TERM; echo on; while :; do sleep 0.1; done'] });
  await waitFor(() => running.stdout() === "on\n", { what: "trap" });
  await running.stop();
  assert.equal(running.isRunning(), false);
});

test("waiting gives up at its limit and names what did not come", async () => {
  await assert.rejects(
    waitFor(() => false, { what: "miracle", timeoutMs: 10 }),
    /No miracle within 10 ms/,
  );
});
