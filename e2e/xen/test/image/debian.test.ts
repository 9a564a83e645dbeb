import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runProgram, temporaryDirectory } from "@nova-agent/testbed";

const FETCH = `import(${JSON.stringify(new URL("../../src/image/debian.js", import.meta.url).href)})
  .then(({ fetchDebian }) => fetchDebian(console.log))
  .catch((error) => console.log(error.message));`;

// Only root may fetch lists.
const isRoot = process.getuid?.() === 0;

test("a kernel that the mirror has no more is looked for in new lists, and the error names the way out", async (context) => {
  const folder = await temporaryDirectory(context);
  const script = (name: string, lines: string): Promise<void> =>
    writeFile(join(folder, name), `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${lines}\n`, {
      mode: 0o755,
    });
  await script(
    "apt-cache",
    `[ -e "${folder}/new" ] && release=2 || release=1; echo "  Depends: linux-image-$release"`,
  );
  await script(
    "apt-get",
    `[ "$1" != update ] || exec touch "${folder}/new"; echo "E: 404 Not Found" >&2; exit 100`,
  );
  const { stdout } = await runProgram({
    argv: [process.execPath, "--eval", FETCH],
    environment: { PATH: `${folder}:${process.env["PATH"]}` },
    timeoutMs: 20_000,
  });
  const calls = await readFile(join(folder, "calls"), "utf8");
  const wanted = isRoot
    ? /^apt-cache .*\napt-get .* linux-image-1\napt-get update\napt-cache .*\napt-get .* linux-image-2\n$/
    : /^apt-cache .*\napt-get .* linux-image-1\n$/;
  assert.match(calls, wanted);
  assert.match(
    stdout,
    /^Cannot fetch Debian's packages: [^]*E: 404 Not Found[^]*Check the network and .*apt-get update/m,
  );
});
