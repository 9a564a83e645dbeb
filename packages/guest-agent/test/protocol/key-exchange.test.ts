import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AgentError } from "../../src/errors.ts";
import { agree, parsePublicKey, PRIME, PRIVATE_KEY_BYTES } from "../../src/protocol/key-exchange.ts";
import { hostPower } from "../support/host-power.ts";

/** The agent takes its private key modulo p - 3, plus 2; this gives the bytes that lead to `key`. */
function randomBytesFor(key: bigint): Uint8Array {
  const digits = (key - 2n).toString(16).padStart(PRIVATE_KEY_BYTES * 2, "0");
  return new Uint8Array(Buffer.from(digits, "hex"));
}

test("agree gives the public key and the shared number of a known exchange", () => {
  const { publicKey, shared } = agree(
    128492706489454800633959484585958n,
    // Powers repeat after p - 1, and the published key is larger.
    randomBytesFor(0x00112233445566778899aabbccddeeffn % (PRIME - 1n)),
  );
  assert.equal(publicKey, "10213771857304028832860390748511");
  assert.equal(Buffer.from(shared.reveal()).toString(), "42212498014643735436438456950707");
});

test("agree shares the number that the host computes from the answer", () => {
  const random = fc.uint8Array({ minLength: PRIVATE_KEY_BYTES, maxLength: PRIVATE_KEY_BYTES });
  fc.assert(
    fc.property(random, fc.bigInt({ min: 1n, max: 2n ** 80n }), (randomBytes, hostKey) => {
      const publicKey = hostPower(5n, hostKey);
      fc.pre(publicKey > 1n && publicKey < PRIME - 1n);
      const agreement = agree(publicKey, randomBytes);
      const shared = hostPower(BigInt(agreement.publicKey), hostKey).toString();
      assert.equal(Buffer.from(agreement.shared.reveal()).toString(), shared);
    }),
  );
});

test("agree zeroes the random bytes it was given", () => {
  const random = new Uint8Array(PRIVATE_KEY_BYTES).fill(0xa5);
  agree(7n, random);
  assert.deepEqual(random, new Uint8Array(PRIVATE_KEY_BYTES));
});

test("the guest's public key is never one that gives the shared number away", () => {
  for (const random of [new Uint8Array(PRIVATE_KEY_BYTES), new Uint8Array(PRIVATE_KEY_BYTES).fill(0xff)]) {
    const key = BigInt(agree(7n, random).publicKey);
    assert.ok(key >= 2n && key <= PRIME - 2n, String(key));
  }
});

test("a public key is read from text, also with a line end, and from a number", () => {
  assert.equal(parsePublicKey("128492706489454800633959484585958"), 128492706489454800633959484585958n);
  assert.equal(parsePublicKey(" 12\r\n"), 12n);
  assert.equal(parsePublicKey(12), 12n);
  assert.equal(parsePublicKey("2"), 2n);
  assert.equal(parsePublicKey(String(PRIME - 2n)), PRIME - 2n);
});

const refused = [
  "0",
  "1",
  String(PRIME - 1n),
  String(PRIME),
  String(PRIME + 5n),
  "-5",
  "0x10",
  "1e5",
  "5.5",
  "",
  "abc",
  "9".repeat(65),
  0,
  1,
  -3,
  2.5,
  null,
  undefined,
  true,
  { value: "5" },
  ["5"],
] as const;

for (const value of refused) {
  test(`${JSON.stringify(value)} is refused as a public key`, () => {
    assert.throws(
      () => parsePublicKey(value),
      (error) => error instanceof AgentError && error.code === "AGENT_BAD_PAYLOAD",
    );
  });
}
