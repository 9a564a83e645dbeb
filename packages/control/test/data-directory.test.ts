import assert from "node:assert/strict";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { openDataDirectory, temporaryData } from "../src/data-directory.ts";
import { ControlError } from "../src/errors.ts";

const isRefused = (error: unknown) => error instanceof ControlError && error.code === "DATA_NOT_OPENED";

test("the key of a directory is the same at every start, and another in every directory", async (context) => {
  const parent = await temporaryDirectory(context);
  const first = await openDataDirectory(join(parent, "one"));
  const again = await openDataDirectory(join(parent, "one"));
  const other = await openDataDirectory(join(parent, "two"));
  assert.deepEqual(again, first);
  assert.notDeepEqual(other.sealKey, first.sealKey);
  assert.deepEqual((await readdir(join(parent, "one"))).toSorted(), ["demo-guests", "seal-key"]);
  assert.equal((await stat(join(parent, "one"))).mode & 0o777, 0o700);
  assert.equal((await stat(join(parent, "one/seal-key"))).mode & 0o777, 0o600);
});

test("a directory that others may enter is refused", async (context) => {
  const path = await temporaryDirectory(context);
  await chmod(path, 0o755);
  await assert.rejects(openDataDirectory(path), isRefused);
});

test("a file in place of the directory is refused", async (context) => {
  const path = join(await temporaryDirectory(context), "file");
  await writeFile(path, "");
  await assert.rejects(openDataDirectory(path), isRefused);
});

test("a key that was cut is refused", async (context) => {
  const path = await temporaryDirectory(context);
  await openDataDirectory(path);
  await writeFile(join(path, "seal-key"), "short");
  await assert.rejects(openDataDirectory(path), isRefused);
});

test("without a directory the database is in memory and the key is another each time", () => {
  const data = temporaryData("/tmp/guests");
  assert.equal(data.database, undefined);
  assert.notDeepEqual(temporaryData("/tmp/guests").sealKey, data.sealKey);
});
