import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { generatePassword } from "../../src/browser/model/generate-password.ts";

const randomBytes = (length: number): Uint8Array => webcrypto.getRandomValues(new Uint8Array(length));

test("a password that is made has 24 characters of each kind, and none that look alike", () => {
  for (let count = 0; count < 200; count += 1) {
    const password = generatePassword(randomBytes);
    assert.match(password, /^[2-9A-HJ-NP-Za-kmnp-z]{24}$/u);
    for (const kind of [/[2-9]/u, /[A-Z]/u, /[a-z]/u]) assert.match(password, kind);
  }
});

test("every byte that is used stands for one symbol as often as for any other", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    // Around the byte there is one of each kind; bytes beyond the last full round of symbols are passed over.
    const bytes = new Uint8Array(48).fill(byte, 0, 21);
    bytes.set([0, 8, 32], 21);
    bytes.fill(0, 24);
    const first = generatePassword(() => bytes).charAt(0);
    const isPassedOver = byte >= 224;
    if (!isPassedOver) counts.set(first, (counts.get(first) ?? 0) + 1);
    else assert.equal(first, "2");
  }
  assert.equal(counts.size, 56);
  assert.deepEqual(new Set(counts.values()), new Set([4]));
});

test("a source of randomness that is none is told of, and not waited for", () => {
  assert.throws(() => generatePassword((length) => new Uint8Array(length)), RangeError);
  assert.throws(() => generatePassword((length) => new Uint8Array(length).fill(255)), RangeError);
});
