import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { decryptAesCbc, encryptAesCbc } from "../../src/protocol/aes.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

test("decryptAesCbc gives the plaintext of SP 800-38A, F.2.2", () => {
  const plain = decryptAesCbc({
    key: bytes("2b7e151628aed2a6abf7158809cf4f3c"),
    iv: bytes("000102030405060708090a0b0c0d0e0f"),
    data: bytes(
      "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2" +
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
    ),
  });
  const expected =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
  assert.equal(Buffer.from(plain).toString("hex"), expected);
});

test("decryptAesCbc gives the plaintext of FIPS 197, appendix C.1", () => {
  const plain = decryptAesCbc({
    key: bytes("000102030405060708090a0b0c0d0e0f"),
    iv: new Uint8Array(16),
    data: bytes("69c4e0d86a7b0430d8cdb78070b4c55a"),
  });
  assert.equal(Buffer.from(plain).toString("hex"), "00112233445566778899aabbccddeeff");
});

test("decryptAesCbc takes back what the engine's own cipher encrypts, and encryptAesCbc does as that", () => {
  const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const blocks = fc.array(block, { maxLength: 8 }).map((parts) => new Uint8Array(Buffer.concat(parts)));
  fc.assert(
    fc.property(block, block, blocks, (key, iv, plain) => {
      const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
      const data = new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
      const before = data.slice();
      assert.deepEqual(decryptAesCbc({ key, iv, data }), plain);
      assert.deepEqual(encryptAesCbc({ key, iv, data: plain }), data);
      assert.deepEqual(data, before);
    }),
  );
});

test("decryptAesCbc and encryptAesCbc throw on a key, a vector or data of another length", () => {
  const right = { key: new Uint8Array(16), iv: new Uint8Array(16), data: new Uint8Array(16) };
  for (const name of ["key", "iv", "data"]) {
    assert.throws(() => decryptAesCbc({ ...right, [name]: new Uint8Array(15) }), RangeError);
    assert.throws(() => encryptAesCbc({ ...right, [name]: new Uint8Array(15) }), RangeError);
  }
});
