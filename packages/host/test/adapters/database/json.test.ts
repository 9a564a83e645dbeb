import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { storableJson, storableText } from "../../../src/adapters/database/json.ts";

const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

test("text without NUL that Unicode has characters for stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const clean = text.replaceAll("\0", "");
      assert.equal(storableText(clean), clean);
      assert.deepEqual(JSON.parse(storableJson({ [clean]: [clean] })), { [clean]: [clean] });
    }),
  );
});

test("a value in JSON has the same characters replaced as a text, in keys too", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const stored = storableText(text);
      assert.doesNotMatch(stored, /\0|\p{Surrogate}/u);
      assert.deepEqual(JSON.parse(storableJson([text, { [`k${text}`]: text }])), [
        stored,
        { [`k${stored}`]: stored },
      ]);
    }),
  );
});

test("a backslash before what looks like an escape is a backslash", () => {
  assert.equal(storableJson("\\u0000"), '"\\\\u0000"');
  assert.equal(storableJson("\\\0"), '"\\\\\uFFFD"');
});
