import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { md5 } from "../../src/protocol/md5.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("md5 gives the digests of RFC 1321, appendix A.5", () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ];
  for (const [text, digest] of vectors) assert.equal(hex(md5(Buffer.from(text))), digest);
});

test("md5 equals the engine's own for every length up to four blocks", () => {
  for (let length = 0; length <= 256; length += 1) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
    assert.equal(hex(md5(message)), createHash("md5").update(message).digest("hex"), `length ${length}`);
  }
});

test("md5 equals the engine's own for any bytes and leaves them as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (message) => {
      const before = message.slice();
      assert.equal(hex(md5(message)), createHash("md5").update(before).digest("hex"));
      assert.deepEqual(message, before);
    }),
  );
});
