import assert from "node:assert/strict";
import { mkdir, readFile, readdir, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { ensureDisk, makeDisk } from "../../../src/adapters/demo/disk.ts";
import { furnishTree } from "../../../src/adapters/demo/tree.ts";

const machine = { shared: [], links: [{ path: "/bin", target: "usr/bin" }], devices: ["/dev/null"] };
const options = { vifs: [{ interfaceName: "eth0", index: 0, mac: "00:16:3E:00:00:01" }] };

async function temporary(context: TestContext): Promise<string> {
  const directory = await makeTemporaryDirectory();
  context.after(() => removeDirectory(directory));
  return directory;
}

test("what is at the place of a disk is neither used nor removed", async (context) => {
  const directory = await temporary(context);
  await assert.rejects(makeDisk(directory, options), { code: "EEXIST" });
  assert.deepEqual(await readdir(directory), []);
});

test("a disk has the files and links of its image", async (context) => {
  const tree = join(await temporary(context), "disk");
  const unit = { path: "/etc/systemd/system/x.service", content: "[Unit]\n", mode: 0o640 };
  const link = { path: "/etc/systemd/system/multi-user.target.wants/x.service", target: unit.path };
  await makeDisk(tree, { ...options, files: [unit], links: [link] });
  assert.equal(await readFile(tree + unit.path, "utf8"), "[Unit]\n");
  assert.equal((await stat(tree + unit.path)).mode & 0o777, 0o640);
  assert.equal(await readlink(tree + link.path), unit.path);
});

test("a disk that was not finished is made anew, and a finished one is kept", async (context) => {
  const tree = join(await temporary(context), "disk");
  await mkdir(`${tree}.new/half`, { recursive: true });
  await ensureDisk(tree, options);
  assert.equal((await readdir(tree)).includes("half"), false);
  await writeFile(join(tree, "root/mine"), "kept");
  await ensureDisk(tree, options);
  assert.equal(await readFile(join(tree, "root/mine"), "utf8"), "kept");
});

test("a boot brings its own /run, /sys and links, and keeps the guest's files", async (context) => {
  const tree = join(await temporary(context), "disk");
  await makeDisk(tree, options);
  await furnishTree({ tree, machine, standInNode: undefined, ...options });
  await writeFile(join(tree, "run/network/ifstate"), "eth0=eth0\n");
  await writeFile(join(tree, "etc/hostname"), "mine\n");
  await furnishTree({ tree, machine: { ...machine, links: [] }, standInNode: undefined, vifs: [] });
  assert.deepEqual(await readdir(join(tree, "run/network")), []);
  assert.equal((await readdir(tree)).includes("sys"), false);
  assert.equal((await readdir(tree)).includes("bin"), false);
  assert.equal(await readFile(join(tree, "etc/hostname"), "utf8"), "mine\n");
});
