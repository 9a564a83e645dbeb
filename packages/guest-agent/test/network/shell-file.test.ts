import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  parseShellFile,
  readAssignments,
  replaceAssignments,
  shellName,
} from "../../src/network/shell-file.ts";

// What bash says of the same text, by hand.
const values: readonly (readonly [string, string, readonly string[]])[] = [
  ["a plain word", "a=b\n", ["b"]],
  ["nothing", "a=\n", [""]],
  ["single quotes", "a='b \"c\" $d'\n", ['b "c" $d']],
  ["double quotes with escapes", 'a="b \\"c\\" \\$d \\n"\n', ['b "c" $d \\n']],
  ["quotes that follow one another", "a='b'\"c\"d\n", ["bcd"]],
  ["a value of several lines", 'a="b\nc"\n', ["b\nc"]],
  ["a line that goes on", "a=b\\\nc\n", ["bc"]],
  ["a comment behind it", "a=b # c\n", ["b"]],
  ["a sign that begins no comment", "a=b#c\n", ["b#c"]],
  ["an array", "a=('b c' d)\n", ["b c", "d"]],
  ["an empty array", "a=()\n", []],
  ["an array of several lines with comments", "a=( b # 'x\n  'c' )\n", ["b", "c"]],
  ["the last of two", "a=b\na=c\n", ["c"]],
  ["a file that ends in it", "a=b", ["b"]],
];

for (const [what, text, wanted] of values) {
  test(`a value is read: ${what}`, () => {
    assert.deepEqual(readAssignments(text).get("a"), wanted);
  });
}

const others = [
  "  a=b\n",
  "a=b c\n",
  "a=b; c=d\n",
  "# a=b\n",
  "export a\n",
  "a() {\n",
  "a=$(b c)\n",
  "\n",
  "a=(\n",
  "a='b\n",
];

for (const text of others) {
  test(`more or less than an assignment is left alone: ${JSON.stringify(text)}`, () => {
    assert.deepEqual([...readAssignments(text)], []);
    assert.equal(replaceAssignments(text, { drops: () => true, lines: [] }).trimEnd(), text.trimEnd());
  });
}

test("every text is cut into entries whose lines are the text, and into at least one a line feed", () => {
  const pieces = fc.constantFrom("a=", "b", "'", '"', "\\", "\n", "(", ")", " ", "#", ";", "=", "é");
  fc.assert(
    fc.property(
      fc.array(pieces).map((each) => each.join("")),
      (text) => {
        const lines = parseShellFile(text).flatMap((entry) => entry.lines);
        assert.equal(lines.join("\n"), text.replace(/\n$/, ""));
      },
    ),
    { numRuns: 1000 },
  );
});

test("what is replaced goes with its label, and what replaces it stands at the end", () => {
  const before = "# mine\nx=1\n\n# Label old\na='b\nc'\n# of y\ny=2\n";
  const after = replaceAssignments(before, { drops: (name) => name === "a", lines: ["# Label new", "a=d"] });
  assert.equal(after, "# mine\nx=1\n\n# of y\ny=2\n\n# Label new\na=d\n");
  const again = replaceAssignments(after, { drops: (name) => name === "a", lines: ["# Label new", "a=d"] });
  assert.equal(again, after);
});

test("an empty file holds what is put into it and nothing else", () => {
  assert.equal(replaceAssignments("", { drops: () => true, lines: ["a=b"] }), "a=b\n");
});

test("the name of an interface becomes part of a variable's name", () => {
  assert.equal(shellName("eth0"), "eth0");
  assert.equal(shellName("eth0.5"), "eth0_5");
  assert.equal(shellName("en-x"), "en_x");
});
