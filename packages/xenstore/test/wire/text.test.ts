import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  decodeLatin1,
  decodeUtf8,
  encodeLatin1,
  encodePermission,
  encodeUtf8,
  parseDecimal,
  parsePermission,
} from "@nova-agent/xenstore";
import { anyPermission } from "./arbitrary.ts";

test("UTF-8 is written as TextEncoder writes it, also for lone surrogates", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
    }),
  );
  for (const text of ["\ud800", "a\udfffb", "\ud83d\ude00", "é€😀"]) {
    assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
  }
});

test("UTF-8 is read as a strict TextDecoder reads it", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (bytes: Uint8Array): string | undefined => {
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  };
  const byte = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0x9f,
    0xa0,
    0xbf,
    0xc1,
    0xc2,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(byte, fc.nat({ max: 255 })), { maxLength: 8 }), (list) => {
      const bytes = Uint8Array.from(list);
      assert.equal(decodeUtf8(bytes), decode(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("Latin-1 is one character a byte, both ways and in any length", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);
  assert.deepEqual(encodeLatin1(decodeLatin1(bytes)), bytes);
  assert.equal(decodeLatin1(Uint8Array.of(0x41, 0xe9, 0x42), 1, 2), "é");
});

test("a permission is its letter and its domain", () => {
  assert.equal(encodePermission({ domid: 5, read: true, write: false }), "r5");
  assert.equal(encodePermission({ domid: 0, read: false, write: false }), "n0");
  assert.deepEqual(parsePermission("w32757"), { domid: 32_757, read: false, write: true });
  fc.assert(
    fc.property(anyPermission, (permission) => {
      assert.deepEqual(parsePermission(encodePermission(permission)), permission);
    }),
  );
});

test("a permission's number is read as strtol reads it", () => {
  assert.equal(parsePermission("n0x1F")?.domid, 31);
  assert.equal(parsePermission("n010")?.domid, 8);
  for (const text of ["", "n", "5", "x5", "n-1", "n5 ", "n65536", "n0x", "n09", "n5.0", "n1e3", "nn5"]) {
    assert.equal(parsePermission(text), undefined, text);
  }
});

test("a decimal is digits alone, up to its limit", () => {
  assert.equal(parseDecimal("65535", 65_535), 65_535);
  assert.equal(parseDecimal("007", 10), 7);
  for (const text of ["", "65536", "-1", "+1", "1.0", "1e3", "0x1", " 1", "99999999999999999999"]) {
    assert.equal(parseDecimal(text, 65_535), undefined, text);
  }
});
