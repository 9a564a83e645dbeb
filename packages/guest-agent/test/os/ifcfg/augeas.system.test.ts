import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { privateRoot, runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { readAssignments } from "../../../src/network/shell-file.ts";
import { readGoldenCases } from "../golden-case.ts";

const needs = ["apt"] as const;
const timeoutMs = 60_000;

// augtool and what it is linked with beyond a minimal Debian.
const packages = ["augeas-tools", "augeas-lenses", "libaugeas0", "libxml2", "libicu72", "libreadline8"];

/** The variables of a guest's ifcfg files as the lens of Augeas for shell variables reads them, sorted. */
async function readByAugeas(context: TestContext, files: ReadonlyMap<string, string>): Promise<string[]> {
  const root = await privateRoot(packages);
  const guest = await temporaryDirectory(context);
  for (const [path, text] of files) {
    await mkdir(dirname(join(guest, path)), { recursive: true });
    await writeFile(join(guest, path), text);
  }
  const libraries = (await readdir(join(root, "usr/lib"))).filter((name) => name.endsWith("-linux-gnu"));
  const directories = libraries.flatMap((name) => [join(root, "usr/lib", name), join(root, "lib", name)]);
  const commands = join(guest, "commands");
  await writeFile(commands, "print /files\nprint /augeas//error\n");
  const output = await runChecked({
    argv: [
      join(root, "usr/bin/augtool"),
      "--noautoload",
      `--root=${guest}`,
      `--include=${join(root, "usr/share/augeas/lenses/dist")}`,
      "--transform=Shellvars incl /etc/sysconfig/*/ifcfg-*",
      `--file=${commands}`,
    ],
    environment: { LD_LIBRARY_PATH: directories.join(":") },
    timeoutMs,
  });
  const lines = output.trimEnd().split("\n");
  return lines.filter((line) => line.includes(" = ") && !line.includes("#comment")).toSorted();
}

/** The same as the agent reads them. */
function readByAgent(files: ReadonlyMap<string, string>): string[] {
  const lines = [...files].flatMap(([path, text]) =>
    [...readAssignments(text)].map(([name, [value = ""]]) => `/files${path}/${name} = "${value}"`),
  );
  return lines.toSorted();
}

for (const backend of ["ifcfg", "wicked"]) {
  for (const { name, after } of readGoldenCases(backend)) {
    systemTest(
      `Augeas reads the ifcfg files of ${backend}'s ${name}`,
      { needs, timeoutMs },
      async (context) => {
        const files = new Map([...after].filter(([path]) => /\/ifcfg-[^/]*(?<!\.bak)$/.test(path)));
        const found = await readByAugeas(context, files);
        // Augeas keeps the quotes.
        const unquoted = found.map((line) => line.replace(/ = "(\\"|')(.*)\1"$/, ' = "$2"'));
        assert.deepEqual(unquoted, readByAgent(files));
      },
    );
  }
}
