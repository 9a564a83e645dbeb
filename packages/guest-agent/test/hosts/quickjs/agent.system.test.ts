import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { type Need, runProgram, systemTest } from "@nova-agent/testbed";
import { OTHER_PROGRAM_VARIABLE } from "../../support/agent-process.ts";

const folder = fileURLToPath(new URL("../..", import.meta.url));

/** Files whose tests start the agent's executable, and what they need. */
const files: readonly (readonly [string, ...Need[]])[] = [
  ["hosts/node/main.test.js"],
  ["hosts/node/main.system.test.js", "socat"],
  ["hosts/node/secrecy.test.js"],
  ["hosts/node/doctor-and-rescue.test.js"],
  ["hosts/node/rescue.system.test.js", "root", "namespaces", "apt"],
  ["report/xe-daemon.system.test.js", "root", "namespaces", "ip", "xenstored", "cc"],
];

const LIMIT_MS = 300_000;

for (const [file, ...needs] of files) {
  systemTest(
    `the static agent passes the tests of the agent's executable in ${file}`,
    { needs: ["musl-gcc", ...needs], timeoutMs: LIMIT_MS },
    async () => {
      assert.ok(existsSync(join(folder, file)));
      const { path } = await buildStatic("nova-agent", muslToolchain);
      const { status, stdout } = await runProgram({
        argv: [process.execPath, "--test-reporter=tap", join(folder, file)],
        environment: { [OTHER_PROGRAM_VARIABLE]: path, NODE_TEST_CONTEXT: undefined },
        timeoutMs: LIMIT_MS,
      });
      const failed = stdout.split("\n").filter((line) => line.startsWith("not ok "));
      assert.deepEqual({ status, failed }, { status: 0, failed: [] }, stdout);
      assert.match(stdout, /^# pass [1-9]/m);
    },
  );
}
