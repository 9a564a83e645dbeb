import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { sha256 } from "../../src/protocol/sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("sha256 gives the digests of NIST's published examples", () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ];
  for (const [text, digest] of vectors) assert.equal(hex(sha256(Buffer.from(text))), digest);
});

test("sha256 equals the engine's own for every length up to four blocks", () => {
  for (let length = 0; length <= 256; length += 1) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
    assert.equal(
      hex(sha256(message)),
      createHash("sha256").update(message).digest("hex"),
      `length ${length}`,
    );
  }
});

test("sha256 equals the engine's own for any bytes and leaves them as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (message) => {
      const before = message.slice();
      assert.equal(hex(sha256(message)), createHash("sha256").update(before).digest("hex"));
      assert.deepEqual(message, before);
    }),
  );
});
