import assert from "node:assert/strict";
import { test } from "node:test";
import { createTransportPair } from "@nova-agent/xenstore";
import { testTransportContract } from "@nova-agent/xenstore/testing";

testTransportContract(
  { test: (name, body) => void test(`memory pair: ${name}`, { timeout: 10_000 }, body), assert },
  async () => {
    const [left, right] = createTransportPair();
    return { left, right, dispose: async () => {} };
  },
);

test("nothing is received within the call of send", async () => {
  const [left, right] = createTransportPair();
  const order: string[] = [];
  left.start({ receive() {}, closed() {} });
  const received = new Promise<void>((resolve) => {
    right.start({
      receive() {
        order.push("received");
        resolve();
      },
      closed() {},
    });
  });
  left.send(new Uint8Array([1]));
  order.push("sent");
  await received;
  assert.deepEqual(order, ["sent", "received"]);
});

test("a transport cannot be started twice", () => {
  const [left] = createTransportPair();
  left.start({ receive() {}, closed() {} });
  assert.throws(() => left.start({ receive() {}, closed() {} }), TypeError);
});
