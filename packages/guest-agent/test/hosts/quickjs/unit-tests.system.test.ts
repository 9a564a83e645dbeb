import { readdirSync } from "node:fs";
import { join } from "node:path";
import { needsNoNode } from "@nova-agent/quickjs/build";
import { repositoryRoot, systemTest } from "@nova-agent/testbed";
import { runOnEngine } from "@nova-agent/testbed/engine-tests";

const folders = ["packages/guest-agent/dist/test", "packages/xenstore/dist/test"];

/** Files that need what stands neither in the engine nor in what takes the place of Node's globals. */
const leftOut = ["pause.test.js", "os/models.test.js", "protocol/reply.test.js"];

systemTest(
  "the unit tests that need nothing of Node pass on the engine of the static executables",
  { needs: ["musl-gcc"], timeoutMs: 400_000 },
  async (context) => {
    const files: string[] = [];
    for (const file of folders.flatMap(unitTestsOf)) {
      const isTaken = !leftOut.some((name) => file.endsWith(`/${name}`));
      if (isTaken && (await needsNoNode(file))) files.push(file);
    }
    await runOnEngine(context, { files, testsMin: 600 });
  },
);

function unitTestsOf(folder: string): string[] {
  const path = join(repositoryRoot(), folder);
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  const tests = names.filter((name) => name.endsWith(".test.js") && !name.includes(".system."));
  return tests.map((name) => join(path, name));
}
