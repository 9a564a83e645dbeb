import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { SystemError } from "../../../src/errors.ts";
import { createLabels } from "../../../src/hosts/node/labels.ts";
import { createNodeFiles } from "../../../src/hosts/node/node-files.ts";
import { filesContract } from "../../system/files-contract.ts";

const files = createNodeFiles(createLabels({ PATH: process.env["PATH"] ?? "" }));
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

filesContract("node files", async (context) => ({
  files,
  directory: await temporaryDirectory(context),
  owner,
  link: symlinkSync,
}));

test("node files: reading a FIFO ends at once and is empty", async (context) => {
  const path = join(await temporaryDirectory(context), "fifo");
  execFileSync("mkfifo", [path]);
  assert.equal(files.status(path)?.kind, "other");
  assert.equal(files.read(path, 10).length, 0);
});

test("node files: a file of /proc, whose size is told as 0, is read whole", () => {
  assert.match(Buffer.from(files.read("/proc/self/status", 100_000)).toString(), /^Name:/);
});

test("node files: a create that is refused half-way leaves nothing", async (context) => {
  const path = join(await temporaryDirectory(context), "file");
  // No user has this number.
  const attributes = { mode: 0o600, uid: 2 ** 32, gid: 0 };
  assert.throws(() => files.create(path, new Uint8Array(5), attributes));
  assert.equal(files.status(path), undefined);
});

test("node files: without the tools of package attr there are no labels", () => {
  assert.equal(createLabels({ PATH: "/nonexistent" }).read("/etc/passwd"), undefined);
});

test("node files: an error names the path, the reason and the errno", () => {
  assert.throws(
    () => files.read("/nonexistent/file", 10),
    (error) =>
      error instanceof SystemError &&
      error.code === "ENOENT" &&
      error.message === 'Cannot read "/nonexistent/file": no such file or directory' &&
      error.cause instanceof Error,
  );
});
