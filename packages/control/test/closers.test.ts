import assert from "node:assert/strict";
import test from "node:test";
import { Closers } from "../src/closers.ts";

test("the last that was started is ended first, and nothing twice", async () => {
  const closers = new Closers();
  const ended: string[] = [];
  for (const name of ["first", "second"]) closers.add(async () => void ended.push(name));
  await closers.close();
  await closers.close();
  assert.deepEqual(ended, ["second", "first"]);
});

test("what cannot be ended keeps nothing else from its end, and is told", async () => {
  const closers = new Closers();
  const ended: string[] = [];
  closers.add(async () => void ended.push("first"));
  closers.add(() => Promise.reject(new Error("cannot end")));
  await assert.rejects(closers.close(), /cannot end/);
  assert.deepEqual(ended, ["first"]);
});
