import assert from "node:assert/strict";
import test from "node:test";
import { showable } from "../../src/browser/model/printable.ts";

const ESC = "\u001B";

test("lines and tabs stay as they are", () => {
  assert.equal(showable("one\r\n\ttwo\nthree é \u{1F600}\n", 100), "one\n\ttwo\nthree é \u{1F600}\n");
});

test("what colours a terminal or moves its cursor is left out", () => {
  assert.equal(
    showable(`${ESC}[1;32m[  OK  ]${ESC}[0m started${ESC}[2J${ESC}[?25l`, 100),
    "[  OK  ] started",
  );
  assert.equal(showable(`${ESC}]0;title\u0007text ${ESC}]8;;http://x${ESC}\\link`, 100), "text link");
});

test("what would steer or hide a text is shown as a mark", () => {
  assert.equal(showable(`a\u0000b\u0007c\u202Ed\u200Be${ESC}`, 100), "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD");
});

test("of a long text its end is shown", () => {
  assert.equal(showable("0123456789", 4), "… 6789");
  assert.equal(showable("0123456789", 10), "0123456789");
});
