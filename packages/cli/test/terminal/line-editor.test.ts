import assert from "node:assert/strict";
import test from "node:test";
import { LineEditor, type LineState } from "../../src/terminal/line-editor.ts";

/** Types `keys`; returns the line and the state after the last key. */
function type(keys: string | Uint8Array): { readonly line: string; readonly state: LineState } {
  const editor = new LineEditor();
  let state: LineState = "typing";
  for (const byte of Buffer.from(keys)) state = editor.press(byte);
  return { line: Buffer.from(editor.take()).toString(), state };
}

const rows = [
  ["Enter ends the line", "abc\r", "abc", "entered"],
  ["a line feed ends the line", "abc\n", "abc", "entered"],
  ["Backspace takes one character", "abx\u007fc\r", "abc", "entered"],
  ["Backspace takes a character of several bytes whole", "a€\u007fb\r", "ab", "entered"],
  ["Backspace in an empty line does nothing", "\u007f\u0008a\r", "a", "entered"],
  ["Ctrl-U takes the line", "wrong\u0015right\r", "right", "entered"],
  ["other control characters do not count", "a\u001bb\tc\r", "abc", "entered"],
  ["Ctrl-C interrupts", "abc\u0003", "abc", "interrupted"],
  ["Ctrl-D in an empty line interrupts", "\u0004", "", "interrupted"],
  ["Ctrl-D behind text does not count", "abc\u0004", "abc", "typing"],
] as const;

for (const [name, keys, line, state] of rows) {
  test(name, () => assert.deepEqual(type(keys), { line, state }));
}

test("the editor forgets a line that was taken", () => {
  const editor = new LineEditor();
  editor.press(0x61);
  assert.deepEqual([...editor.take()], [0x61]);
  assert.deepEqual([...editor.take()], []);
});
