import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { runXeLinuxDistribution } from "../../src/report/xe-linux-distribution.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { FakeFiles } from "../support/fake-files.ts";

// A folder a distribution: its files below `root`, and what xe-linux-distribution prints there.
const folder = fileURLToPath(new URL("../../../test/golden/distributions", import.meta.url));

function readTree(directory: string): FakeFiles {
  const files = new FakeFiles();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.addFile(path.slice(directory.length), readFileSync(path));
  }
  files.addFile("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
  return files;
}

for (const name of readdirSync(folder)) {
  test(`${name} is told as what it is`, () => {
    const system = { ...createFakeSystem(), files: readTree(join(folder, name, "root")) };
    const printed: string[] = [];
    runXeLinuxDistribution({
      system,
      root: "/",
      output: undefined,
      print: (text) => void printed.push(text),
    });
    assert.equal(printed.join(""), readFileSync(join(folder, name, "expected"), "utf8"));
  });
}

test("an absolute link to os-release stays inside the root that is looked at", () => {
  const { files } = createFakeSystem();
  files.addFile("/mnt/usr/lib/os-release", "ID=rocky\nVERSION_ID=9.3\nPRETTY_NAME=Rocky\n");
  files.addLink("/mnt/etc/os-release", "/usr/lib/os-release");
  files.addFile("/usr/lib/os-release", "ID=debian\n");
  const printed: string[] = [];
  const system = { files };
  runXeLinuxDistribution({
    system,
    root: "/mnt",
    output: undefined,
    print: (text) => void printed.push(text),
  });
  assert.match(printed.join(""), /^os_distro="rocky"\nos_majorver="9"\nos_minorver="3"\n/);
});

test("the file is written whole or stays as it was", () => {
  const { files } = createFakeSystem();
  const output = "/var/cache/xe-linux-distribution";
  const print = (text: string): void => assert.fail(`Nothing is to be printed, but ${output} was: ${text}`);
  files.addFile("/etc/os-release", "ID=arch\nPRETTY_NAME=Arch\n");
  files.addFile(output, "old");
  files.addFile(`${output}.unfinished`, "cut off");
  files.refuse = (operation) => (operation === "create" ? "ENOSPC" : undefined);
  assert.throws(() => runXeLinuxDistribution({ system: { files }, root: "/", output, print }), {
    code: "ENOSPC",
  });
  assert.equal(files.text(output), "old");
  files.refuse = () => undefined;
  runXeLinuxDistribution({ system: { files }, root: "/", output, print });
  assert.match(files.text(output) ?? "", /^os_distro="arch"\n/);
  assert.equal(files.text(`${output}.unfinished`), undefined);
});
