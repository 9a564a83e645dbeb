import assert from "node:assert/strict";
import test from "node:test";
import { runProgram } from "../../../src/adapters/xl/index.ts";
import { hasCode } from "../../support/has-code.ts";

test("a program's output is returned", async () => {
  assert.equal(await runProgram({ argv: ["echo", "a b"], timeoutMs: 10_000 }), "a b\n");
});

test("a program that fails is told with its own words", async () => {
  const argv = ["sh", "-c", "echo libxl: no such domain >&2; exit 3"] as const;
  await assert.rejects(
    runProgram({ argv: [...argv], timeoutMs: 10_000 }),
    hasCode("TOOLSTACK_FAILED", /failed: libxl: no such domain$/),
  );
});

test("a program that does not end is killed", async () => {
  await assert.rejects(
    runProgram({ argv: ["sleep", "600"], timeoutMs: 20 }),
    hasCode("TOOLSTACK_FAILED", /did not end within 20 ms/),
  );
});

test("a program that is not there is told", async () => {
  await assert.rejects(
    runProgram({ argv: ["nova-agent-has-no-such-program"], timeoutMs: 10_000 }),
    hasCode("TOOLSTACK_FAILED", /ENOENT/),
  );
});
