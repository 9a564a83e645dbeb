import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, systemTest, temporaryDirectory } from "../src/index.ts";

const INSTALL = `import(${JSON.stringify(new URL("../src/index.js", import.meta.url).href)})
  .then(({ installDebianPackages }) => installDebianPackages({ log: console.log }));`;

systemTest(
  "packages that cannot be had are told, and the tests go on without them",
  { needs: [] },
  async (context) => {
    const folder = await temporaryDirectory(context);
    const script = async (name: string, lines: string) =>
      writeFile(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    await script("dpkg-query", "");
    await script("apt-get", 'echo "E: Could not resolve a name" >&2; exit 100');
    const { status, stdout, stderr } = await runProgram({
      argv: [process.execPath, "--eval", INSTALL],
      environment: { PATH: `${folder}:${process.env["PATH"]}` },
      timeoutMs: 20_000,
    });
    assert.deepEqual([status, stderr], [0, ""]);
    if (process.getuid?.() === 0) assert.match(stdout, /^Installing .*\n[^]*That failed, .*\nE: Could not/m);
    else assert.match(stdout, /^Not root, so these Debian packages stay missing: .*socat/m);
  },
);
