import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { contentsOf, packageDescriptions } from "../src/contents.ts";
import { packagingDirectory } from "../src/lay-out.ts";
import type { Format } from "../src/package-options.ts";

/** Stands for what the build makes: an executable, or the folder of a bundle, of which the panel's names are read. */
const PROGRAM = await makeTemporaryDirectory();
after(() => removeDirectory(PROGRAM));
await mkdir(join(PROGRAM, "panel/assets"), { recursive: true });
for (const name of ["index.html", "assets/main-ABCDEFGH.js"])
  await writeFile(join(PROGRAM, "panel", name), "");

const formats: readonly Format[] = ["deb", "rpm", "tar"];

const packages = (Object.keys(packageDescriptions) as (keyof typeof packageDescriptions)[]).flatMap((name) =>
  formats.map((format) => ({ name, format, contents: contentsOf({ name, format, program: PROGRAM }) })),
);

test("the panel is beside the control service in every kind of package", () => {
  const folder = "usr/lib/nova-control/panel";
  for (const { contents } of packages.filter(({ name }) => name === "nova-control")) {
    const paths = contents.map(({ path }) => path).filter((path) => path.startsWith(folder));
    assert.deepEqual(paths, [`${folder}/assets/main-ABCDEFGH.js`, `${folder}/index.html`]);
  }
});

for (const { name, format, contents } of packages) {
  const paths = contents.map(({ path }) => path);

  test(`the ${format} of ${name} has each path once, and a source for each file`, () => {
    assert.deepEqual([...new Set(paths)], paths);
    const sources = contents.flatMap((entry) => (entry.kind === "file" ? [entry.source] : []));
    assert.deepEqual(
      sources.filter(
        (source) => !source.startsWith(PROGRAM) && !existsSync(resolve(packagingDirectory, source)),
      ),
      [],
    );
  });

  test(`the links in the ${format} of ${name} lead to its files`, () => {
    const links = contents.filter((entry) => entry.kind === "link");
    const targets = links.map(({ path, target }) => join(dirname(path), target));
    assert.deepEqual(
      targets.filter((target) => !paths.includes(target)),
      [],
    );
  });

  test(`what is the user's to change in the ${format} of ${name} is all that is in /etc`, () => {
    const inEtc = paths.filter((path) => path.startsWith("etc/"));
    const kept = contents.filter((entry) => entry.kind === "file" && entry.isConfiguration);
    assert.deepEqual(
      kept.map(({ path }) => path),
      inEtc,
    );
  });
}
