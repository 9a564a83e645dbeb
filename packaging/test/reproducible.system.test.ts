import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { buildProgram, muslToolchain } from "@nova-agent/quickjs/build";
import { repositoryRoot, runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { TEST_TIMEOUT_MS } from "./support/limits.ts";

const needs = ["apt", "musl-gcc", "aarch64-gcc", "rpmbuild"] as const;

/** Builds everything with another umask, time zone and place for temporary files; hashes by file. */
async function buildAll(
  directory: string,
  { umask, zone }: { readonly umask: string; readonly zone: string },
): Promise<ReadonlyMap<string, string>> {
  await mkdir(directory);
  const output = join(directory, "out");
  const main = join(repositoryRoot(), "packaging/dist/src/main.js");
  await runChecked({
    argv: ["sh", "-c", `umask ${umask} && exec "$@"`, "sh", process.execPath, main, output],
    environment: { SOURCE_DATE_EPOCH: "1700000000", TZ: zone, TMPDIR: directory, HOME: directory },
    timeoutMs: TEST_TIMEOUT_MS,
  });
  const found = await runChecked({ argv: ["find", output, "-type", "f"], timeoutMs: TEST_TIMEOUT_MS });
  const paths = found.trim().split("\n").toSorted();
  return new Map(paths.map((path) => [basename(path), hashOf(path)]));
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

systemTest("two builds are the same bytes", { needs, timeoutMs: TEST_TIMEOUT_MS }, async (context) => {
  const folder = await temporaryDirectory(context);
  const first = await buildAll(join(folder, "first"), { umask: "022", zone: "UTC" });
  const second = await buildAll(join(folder, "second-with-another-name"), {
    umask: "077",
    zone: "Asia/Tokyo",
  });
  const kinds = [
    /amd64\.deb$/,
    /arm64\.deb$/,
    /x86_64\.rpm$/,
    /aarch64\.rpm$/,
    /x86_64\.tar\.gz$/,
    /aarch64\.tar\.gz$/,
  ];
  const countOf = (kind: RegExp) => [...first.keys()].filter((name) => kind.test(name)).length;
  for (const kind of kinds) assert.equal(countOf(kind), 2);
  for (const kind of [/_all\.deb$/, /noarch\.rpm$/, /noarch\.tar\.gz$/]) assert.equal(countOf(kind), 1);
  assert.deepEqual(second, first);
});

const PROGRAM = 'import * as os from "native:os"; const { end } = await import("./other.js"); end(os);';
const OTHER = "export const end = (os) => os.setExitStatus(0);";

systemTest(
  "an executable is the same bytes wherever its engine is compiled",
  { needs: ["musl-gcc"], timeoutMs: TEST_TIMEOUT_MS },
  async (context) => {
    const sources = await temporaryDirectory(context);
    await writeFile(join(sources, "main.js"), PROGRAM);
    await writeFile(join(sources, "other.js"), OTHER);
    const build = async () => {
      const folder = await temporaryDirectory(context);
      const output = join(folder, "program");
      // Nothing that was compiled before is used.
      const cache = join(folder, "engines");
      await buildProgram({ entry: join(sources, "main.js"), output, cache, toolchain: muslToolchain });
      return hashOf(output);
    };
    assert.equal(await build(), await build());
  },
);
