import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeBase64 } from "../../src/protocol/base64.ts";

test("base64 of any bytes decodes to them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.deepEqual(decodeBase64(Buffer.from(bytes).toString("base64")), bytes);
    }),
  );
});

test("base64 broken into lines, with blanks at their ends, decodes to the same bytes", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  const text = Buffer.from(bytes).toString("base64");
  for (const end of ["\n", "\r\n", " \n", "\t\r\n"]) {
    const lines = (text.match(/.{1,64}/g) ?? []).map((line) => line + end).join("");
    assert.deepEqual(decodeBase64(lines), bytes, JSON.stringify(end));
  }
  assert.deepEqual(decodeBase64(`${text}  `), bytes);
});

const refused: readonly (readonly [string, string])[] = [
  ["a missing padding", "YWI"],
  ["a single digit", "Y"],
  ["a padding inside", "YQ==YQ=="],
  ["too much padding", "YWJj===="],
  ["padding alone", "="],
  ["a blank inside a line", "YW Jj"],
  ["a blank at the front", " YWJj"],
  ["the URL alphabet", "-_-_"],
  ["a foreign character", "YWJ*"],
  ["a wide character", "YWJ\u0101"],
  ["bits behind the last byte", "YR=="],
  ["bits behind the last two bytes", "YWJ="],
];

for (const [what, text] of refused) {
  test(`base64 with ${what} is refused`, () => {
    assert.equal(decodeBase64(text), undefined);
  });
}

test("base64 of nothing is no bytes", () => {
  assert.deepEqual(decodeBase64(""), new Uint8Array(0));
});
