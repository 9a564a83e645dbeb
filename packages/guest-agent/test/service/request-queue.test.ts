import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUESTS_QUEUED_MAX } from "../../src/limits.ts";
import { RequestQueue, type Task } from "../../src/service/request-queue.ts";

const request = (requestId: string): Task => ({ kind: "request", requestId });

test("requests are taken in the order in which they came, each once", async () => {
  const queue = new RequestQueue();
  for (const id of ["b", "a", "b", "c"]) queue.add(id);
  assert.deepEqual(await queue.take(), request("b"));
  queue.add("b");
  assert.deepEqual(await queue.take(), request("a"));
  assert.deepEqual(await queue.take(), request("c"));
  assert.deepEqual(await queue.take(), request("b"));
  assert.ok(queue.isEmpty);
});

test("a listing asked for twice is taken once, behind the requests before it", async () => {
  const queue = new RequestQueue();
  queue.add("a");
  queue.addListing();
  queue.addListing();
  assert.deepEqual(await queue.take(), request("a"));
  assert.deepEqual(await queue.take(), { kind: "listing" });
  assert.ok(queue.isEmpty);
});

test("a request that comes while a listing is due is taken before it", async () => {
  const queue = new RequestQueue();
  queue.addListing();
  queue.add("late");
  assert.deepEqual(await queue.take(), request("late"));
  assert.deepEqual(await queue.take(), { kind: "listing" });
});

test("a full queue turns requests away until the listing that finds them", async () => {
  const queue = new RequestQueue();
  for (let index = 0; index <= REQUESTS_QUEUED_MAX; index += 1) queue.add(String(index));
  for (let index = 0; index < REQUESTS_QUEUED_MAX; index += 1) {
    assert.deepEqual(await queue.take(), request(String(index)));
    queue.add("later than the one turned away");
  }
  assert.deepEqual(await queue.take(), { kind: "listing" });
  assert.ok(queue.isEmpty);
  queue.add("after");
  assert.deepEqual(await queue.take(), request("after"));
});

test("a taker waits for what comes, and for nothing more after the end", async () => {
  const queue = new RequestQueue();
  const waiting = queue.take();
  queue.add("a");
  assert.deepEqual(await waiting, request("a"));
  const last = queue.take();
  queue.close();
  assert.equal(await last, undefined);
  queue.add("b");
  assert.equal(await queue.take(), undefined);
});
