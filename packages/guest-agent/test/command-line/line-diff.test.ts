import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { temporaryDirectory } from "@nova-agent/testbed";
import { renderLineDiff } from "../../src/command-line/line-diff.ts";

const names = { oldName: "a", newName: "b" };

function diff(oldText: string, newText: string): string {
  return renderLineDiff({ ...names, oldText, newText });
}

test("texts that are the same have no difference", () => {
  assert.equal(diff("a\nb\n", "a\nb\n"), "");
});

test("a changed line is shown between three lines before and three behind it", () => {
  assert.equal(
    diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
    "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
});

test("changes far from each other are parts of their own", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`);
  const changed = lines.with(0, "").with(19, "20\n21\n");
  assert.equal(
    diff(lines.join(""), changed.join("")),
    "--- a\n+++ b\n@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -18,3 +17,4 @@\n 18\n 19\n 20\n+21\n",
  );
});

test("a file that comes or goes is one part from nothing or to nothing", () => {
  assert.equal(diff("", "x\ny\n"), "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
  assert.equal(diff("x\n", ""), "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
});

test("a missing last line feed is told", () => {
  assert.equal(
    diff("x\ny", "x\ny\n"),
    "--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n-y\n\\ No newline at end of file\n+y\n",
  );
});

test("patch(1) makes the new text from the old one and the difference", async (context) => {
  if (spawnSync("patch", ["--version"]).status !== 0) return context.skip("needs patch");
  const directory = await temporaryDirectory(context);
  const file = join(directory, "file");
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "", "d"), { maxLength: 30 })
    .chain((lines) => fc.boolean().map((ends) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : "")));
  const property = fc.property(text, text, (oldText, newText) => {
    writeFileSync(file, oldText);
    const argv = ["--silent", "--output=-", file];
    const { stdout, status } = spawnSync("patch", argv, { input: diff(oldText, newText), encoding: "utf8" });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: newText });
  });
  fc.assert(property, { numRuns: 30 });
});
