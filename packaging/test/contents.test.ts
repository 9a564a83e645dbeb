import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { contentsOf, packageDescriptions } from "../src/contents.ts";
import { packagingDirectory } from "../src/lay-out.ts";
import type { Format } from "../src/package-options.ts";

/** Stands for what the build makes: an executable, or the folder of a bundle. */
const PROGRAM = "/built";

const formats: readonly Format[] = ["deb", "rpm", "tar"];

const packages = (Object.keys(packageDescriptions) as (keyof typeof packageDescriptions)[]).flatMap((name) =>
  formats.map((format) => ({ name, format, contents: contentsOf({ name, format, program: PROGRAM }) })),
);

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
