import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { runProgram, systemTest } from "@nova-agent/testbed";
import { OTHER_PROGRAM_VARIABLE } from "../../support/agent-process.ts";

const folder = fileURLToPath(new URL("../node", import.meta.url));

/** Files whose tests start the agent's executable. */
const files = [
  "main.test.js",
  "main.system.test.js",
  "secrecy.test.js",
  "doctor-and-rescue.test.js",
  "rescue.system.test.js",
] as const;

const LIMIT_MS = 300_000;

for (const file of files) {
  systemTest(
    `the static agent passes the tests of the agent's executable in ${file}`,
    { needs: ["musl-gcc", "socat"], timeoutMs: LIMIT_MS },
    async () => {
      assert.ok(readdirSync(folder).includes(file));
      const { path } = await buildStatic("nova-agent", muslToolchain);
      const { status, stdout } = await runProgram({
        argv: [process.execPath, "--test-reporter=tap", `${folder}/${file}`],
        environment: { [OTHER_PROGRAM_VARIABLE]: path, NODE_TEST_CONTEXT: undefined },
        timeoutMs: LIMIT_MS,
      });
      const failed = stdout.split("\n").filter((line) => line.startsWith("not ok "));
      assert.deepEqual({ status, failed }, { status: 0, failed: [] }, stdout);
      assert.match(stdout, /^# pass [1-9]/m);
    },
  );
}
