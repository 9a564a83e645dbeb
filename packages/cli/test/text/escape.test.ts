import assert from "node:assert/strict";
import test from "node:test";
import { encodeJson, printable, printableLines, quoteValue } from "../../src/text/escape.ts";

const texts = [
  ["plain text and letters of any script", "web-1 größe 名前", "web-1 größe 名前"],
  ["a line break and a tab", "a\r\n\tb", String.raw`a\r\n\tb`],
  ["an escape sequence that would clear the screen", "\u001b[2J", String.raw`\x1b[2J`],
  ["the same in one C1 character", "\u009b2J", String.raw`\x9b2J`],
  ["a mark that turns the direction of writing", "a\u202eb", String.raw`a\u202eb`],
  ["a bell and a delete", "\u0007\u007f", String.raw`\x07\x7f`],
] as const;

for (const [name, text, expected] of texts) {
  test(`${name} is shown so that no terminal obeys`, () => {
    assert.equal(printable(text), expected);
    assert.deepEqual(JSON.parse(encodeJson({ text })), { text });
    assert.equal(printable(encodeJson({ text })), encodeJson({ text }));
  });
}

test("lines stay lines where they may", () => {
  assert.equal(printableLines("a\u001b\nb"), "a\\x1b\nb");
});

const values = [
  ["text", Buffer.from("a"), `"a"`],
  ["quotes and backslashes", Buffer.from(`"\\`), String.raw`"\"\\"`],
  ["UTF-8", Buffer.from("ü"), `"ü"`],
  ["bytes", Uint8Array.of(0x61, 0x00, 0xff), String.raw`"a\x00\xff"`],
  ["nothing", new Uint8Array(), `""`],
] as const;

for (const [name, value, expected] of values) {
  test(`a value of ${name} is shown in quotes`, () => assert.equal(quoteValue(value), expected));
}
