import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { repositoryRoot, runProgram, temporaryDirectory } from "../src/index.ts";

const entry = join(repositoryRoot(), "tools/test-entry.mjs");

test("a compiled test whose source was moved or deleted is not run", async (context) => {
  const folder = await temporaryDirectory(context);
  const sources = ["test/kept.test.ts", "test/deep/panel.test.tsx"];
  const compiled = ["test/kept", "test/deep/panel", "test/gone", "test/old/kept"];
  const files = [...sources, ...compiled.map((name) => `dist/${name}.test.js`)];
  for (const path of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), `console.log(${JSON.stringify(`ran ${path}`)});\n`);
  }
  const { stdout, stderr } = await runProgram({
    argv: [process.execPath, entry, folder, "all"],
    timeoutMs: 20_000,
  });
  const ran = [...stdout.matchAll(/^ran (.*)$/gm)].map(([, path]) => path);
  assert.deepEqual(ran, ["dist/test/deep/panel.test.js", "dist/test/kept.test.js"], stderr);
});
