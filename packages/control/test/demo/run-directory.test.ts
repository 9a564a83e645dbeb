import assert from "node:assert/strict";
import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { ControlError, type ControlErrorCode } from "../../src/errors.ts";
import { openRunDirectory } from "../../src/demo/run-directory.ts";

const hasCode = (code: ControlErrorCode) => (error: unknown) =>
  error instanceof ControlError && error.code === code;

test("a new directory is this user's alone and goes when it is closed", async (context) => {
  const parent = await temporaryDirectory(context);
  const directory = await openRunDirectory(join(parent, "run"));
  assert.equal((await stat(directory.path)).mode & 0o777, 0o700);
  await directory.close();
  await directory.close();
  assert.deepEqual(await readdir(parent), []);
});

test("what a killed instance left is cleared away", async (context) => {
  const path = await temporaryDirectory(context);
  await mkdir(join(path, "demo-guests/disk/etc"), { recursive: true });
  for (const name of ["socket", "dom1.sock", "lock", "openrc", "clouds.yaml", "passwords", "control.log"])
    await writeFile(join(path, name), "");
  await openRunDirectory(path);
  assert.deepEqual(await readdir(path), ["lock"]);
});

test("a second instance is refused and the first one's files stay", async (context) => {
  const path = await temporaryDirectory(context);
  await openRunDirectory(path);
  await writeFile(join(path, "socket"), "");
  await assert.rejects(openRunDirectory(path), hasCode("DIRECTORY_BUSY"));
  assert.deepEqual((await readdir(path)).toSorted(), ["lock", "socket"]);
});

test("a directory with something else in it is refused and left as it is", async (context) => {
  const path = await temporaryDirectory(context);
  await writeFile(join(path, "letter.txt"), "");
  await assert.rejects(openRunDirectory(path), hasCode("DIRECTORY_NOT_OURS"));
  assert.deepEqual(await readdir(path), ["letter.txt"]);
});

test("a directory that others may enter is refused", async (context) => {
  const path = await temporaryDirectory(context);
  await chmod(path, 0o755);
  await assert.rejects(openRunDirectory(path), hasCode("DIRECTORY_UNSAFE"));
});

test("a link to a directory is refused", async (context) => {
  const parent = await temporaryDirectory(context);
  await mkdir(join(parent, "real"), { mode: 0o700 });
  await symlink("real", join(parent, "link"));
  await assert.rejects(openRunDirectory(join(parent, "link")), hasCode("DIRECTORY_UNSAFE"));
});

test("a path too long for a unix socket is refused before anything is made", async (context) => {
  const parent = await temporaryDirectory(context);
  await assert.rejects(openRunDirectory(join(parent, "x".repeat(100))), hasCode("DIRECTORY_TOO_LONG"));
  assert.deepEqual(await readdir(parent), []);
});

test("a directory that cannot be made is told as such", async (context) => {
  const parent = await temporaryDirectory(context);
  await writeFile(join(parent, "file"), "");
  await assert.rejects(openRunDirectory(join(parent, "file/run")), hasCode("DIRECTORY_NOT_MADE"));
});
