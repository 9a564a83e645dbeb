import assert from "node:assert/strict";
import test from "node:test";
import { GuestLock } from "../src/guest-lock.ts";
import { hasCode } from "./support/has-code.ts";

/** A promise and the hand that settles it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const opener = new AbortController();
  const opened = new Promise<void>((resolve) => {
    opener.signal.addEventListener("abort", () => resolve());
  });
  return { opened, open: () => opener.abort() };
}

test("callers for one guest run one after the other, in the order of asking", async () => {
  const lock = new GuestLock();
  const order: string[] = [];
  const { opened, open } = gate();
  const run = (name: string): Promise<void> =>
    lock.run({ key: "uuid 5", domid: 5 }, async () => {
      order.push(`${name} in`);
      await opened;
      order.push(`${name} out`);
    });
  const all = Promise.all([run("a"), run("b"), run("c")]);
  open();
  await all;
  assert.deepEqual(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("callers for different guests do not wait for each other", async () => {
  const lock = new GuestLock();
  const { opened, open } = gate();
  const held = lock.run({ key: "uuid 5", domid: 5 }, () => opened);
  assert.equal(await lock.run({ key: "uuid 6", domid: 6 }, async () => "done"), "done");
  open();
  await held;
});

test("a caller that fails lets the next one in", async () => {
  const lock = new GuestLock();
  const failed = lock.run({ key: "uuid 5", domid: 5 }, () => Promise.reject(new Error("no")));
  const next = lock.run({ key: "uuid 5", domid: 5 }, async () => "done");
  await assert.rejects(failed, /no/);
  assert.equal(await next, "done");
});

test("a caller that gives up in the queue is passed over", async () => {
  const lock = new GuestLock();
  const { opened, open } = gate();
  const controller = new AbortController();
  const held = lock.run({ key: "uuid 5", domid: 5 }, () => opened);
  const given = lock.run({ key: "uuid 5", domid: 5, signal: controller.signal }, async () => "never");
  const last = lock.run({ key: "uuid 5", domid: 5 }, async () => "done");
  controller.abort();
  await assert.rejects(given, hasCode("CANCELLED", /before anything was sent/));
  open();
  await held;
  assert.equal(await last, "done");
});

test("a caller that has given up already does not enter", async () => {
  const lock = new GuestLock();
  const entered = lock.run({ key: "uuid 5", domid: 5, signal: AbortSignal.abort() }, async () => "never");
  await assert.rejects(entered, hasCode("CANCELLED"));
});

test("the 33rd in the queue is told that the guest is busy", async () => {
  const lock = new GuestLock();
  const { opened, open } = gate();
  const all = Array.from({ length: 33 }, () => lock.run({ key: "uuid 5", domid: 5 }, () => opened));
  await assert.rejects(
    lock.run({ key: "uuid 5", domid: 5 }, () => opened),
    hasCode("GUEST_BUSY", /32 callers already wait/),
  );
  open();
  await Promise.all(all);
  assert.equal(await lock.run({ key: "uuid 5", domid: 5 }, async () => "free again"), "free again");
});
