import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { runXenProgram, startServer } from "./programs.ts";

const needs = ["test-xenstore"] as const;
const timeoutMs = 120_000;

/** The tests that Xen's own test-xenstore has (tools/tests/xenstore of Xen 4.17). */
const TESTS = [
  "read 1",
  "read 2000",
  "write 1",
  "write 2000",
  "dir",
  "rm node",
  "rm dir",
  "ta empty",
  "ta empty x",
  "ta rmw",
  "ta rmw x",
  "ta err",
];

for (const iterations of [1, 5000]) {
  systemTest(
    `test-xenstore passes all its tests ${iterations} times`,
    { needs, timeoutMs },
    async (context) => {
      const server = await startServer(context);
      const argv = ["test-xenstore", "-i", String(iterations)] as const;
      const { status, stdout, stderr } = await runXenProgram(server.socketPath, argv);
      assert.equal(stderr, "");
      assert.equal(status, 0);
      const passed = stdout.split("\n").flatMap((line) => /^(.+?) *:.* ns/.exec(line)?.[1] ?? []);
      assert.deepEqual(passed, TESTS);
    },
  );
}
