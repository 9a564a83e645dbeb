import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Secret } from "../src/index.ts";

test("a secret shows nowhere it is printed by mistake", () => {
  const secret = new Secret(Buffer.from("hunter2"));
  for (const text of [String(secret), JSON.stringify({ secret }), inspect(secret, { depth: 9 })]) {
    assert.equal(text.includes("hunter2") || text.includes("104"), false);
  }
  assert.equal(JSON.stringify({ secret }), `{"secret":"[redacted]"}`);
});

test("a wiped secret is zeros in the place where it was", () => {
  const bytes = Buffer.from("hunter2");
  const secret = new Secret(bytes);
  secret.wipe();
  secret.wipe();
  assert.deepEqual([...bytes], [0, 0, 0, 0, 0, 0, 0]);
});
