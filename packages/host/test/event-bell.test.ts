import assert from "node:assert/strict";
import test from "node:test";
import { EventBell } from "../src/event-bell.ts";

test("what was rung is handed out once, each kind once, in the order of the first ring", async () => {
  const bell = new EventBell<"a" | "b" | "c">();
  bell.ring("b");
  bell.ring("a");
  bell.ring("b");
  assert.deepEqual(await bell.next(), ["b", "a"]);
  const waiting = bell.next();
  bell.ring("c");
  assert.deepEqual(await waiting, ["c"]);
});

test("a failure comes after what was rung before it, and again each time", async () => {
  const bell = new EventBell<"a">();
  bell.ring("a");
  bell.fail(new Error("first"));
  bell.fail(new Error("second"));
  assert.deepEqual(await bell.next(), ["a"]);
  await assert.rejects(bell.next(), /first/);
  await assert.rejects(bell.next(), /first/);
});

test("a failure wakes who waits", async () => {
  const bell = new EventBell<"a">();
  const waiting = bell.next();
  bell.fail(new Error("gone"));
  await assert.rejects(waiting, /gone/);
});
