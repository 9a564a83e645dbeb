import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runProgram, temporaryDirectory } from "@nova-agent/testbed";
import { ControlError } from "../../src/errors.ts";
import { acquireLock } from "../../src/demo/instance-lock.ts";

const isBusy = (error: unknown) => error instanceof ControlError && error.code === "DIRECTORY_BUSY";

test("of two claims at once exactly one is granted, and nothing but its file stays", async (context) => {
  const directory = await temporaryDirectory(context);
  const path = join(directory, "lock");
  const claims = await Promise.allSettled([acquireLock(path), acquireLock(path)]);
  assert.equal(claims.filter(({ status }) => status === "fulfilled").length, 1);
  assert.deepEqual(await readdir(directory), ["lock"]);
});

test("a claim that is held is told with the process that holds it", async (context) => {
  const path = join(await temporaryDirectory(context), "lock");
  await acquireLock(path);
  await assert.rejects(
    acquireLock(path),
    (error) => isBusy(error) && String(error).includes(`process ${process.pid}`),
  );
});

test("a claim that was released can be taken again", async (context) => {
  const path = join(await temporaryDirectory(context), "lock");
  const lock = await acquireLock(path);
  await lock.release();
  await lock.release();
  await acquireLock(path);
  assert.equal(Number.parseInt(await readFile(path, "utf8"), 10), process.pid);
});

test("the claim of a process that is gone is taken over", async (context) => {
  const path = join(await temporaryDirectory(context), "lock");
  const dead = await runProgram({ argv: ["sh", "-c", "echo $$"], timeoutMs: 5000 });
  await writeFile(path, `${dead.stdout.trim()} 1\n`);
  await acquireLock(path);
  assert.equal(Number.parseInt(await readFile(path, "utf8"), 10), process.pid);
});

test("a process that got the id of one that is gone does not hold its claim", async (context) => {
  const path = join(await temporaryDirectory(context), "lock");
  await writeFile(path, `${process.pid} 1\n`);
  await acquireLock(path);
  assert.notEqual(await readFile(path, "utf8"), `${process.pid} 1\n`);
});

test("a file that is no claim is taken over", async (context) => {
  const path = join(await temporaryDirectory(context), "lock");
  await writeFile(path, "");
  await acquireLock(path);
  assert.equal(Number.parseInt(await readFile(path, "utf8"), 10), process.pid);
});
