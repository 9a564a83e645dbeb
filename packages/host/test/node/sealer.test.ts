import assert from "node:assert/strict";
import test from "node:test";
import { createSealer } from "../../src/node/index.ts";
import { hasCode } from "../support/has-code.ts";

const key = new Uint8Array(32).fill(1);
const secret = Buffer.from("hunter2");

test("what was sealed is opened again, and does not show", () => {
  const sealer = createSealer(key);
  const sealed = sealer.seal(secret);
  assert.deepEqual(Buffer.from(sealer.open(sealed)), secret);
  assert.equal(Buffer.from(sealed).includes(secret), false);
});

test("the same is sealed differently each time", () => {
  const sealer = createSealer(key);
  assert.notDeepEqual(sealer.seal(secret), sealer.seal(secret));
});

test("nothing opens with another key", () => {
  const sealed = createSealer(key).seal(secret);
  assert.throws(() => createSealer(new Uint8Array(32).fill(2)).open(sealed), hasCode("SEAL_BROKEN"));
});

test("nothing opens that was changed or cut, at whatever byte", () => {
  const sealer = createSealer(key);
  const sealed = sealer.seal(secret);
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => sealer.open(changed), hasCode("SEAL_BROKEN"), `byte ${at} changed`);
    assert.throws(() => sealer.open(sealed.subarray(0, at)), hasCode("SEAL_BROKEN"), `cut at ${at}`);
  }
});

test("a key of another length is refused", () => {
  assert.throws(() => createSealer(new Uint8Array(16)), RangeError);
});
