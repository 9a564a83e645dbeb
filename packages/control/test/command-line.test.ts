import assert from "node:assert/strict";
import test from "node:test";
import { HELP, parseCommandLine } from "../src/command-line.ts";
import { ControlError } from "../src/errors.ts";

test("without arguments the user's own directory and the best kind of guest are taken", () => {
  assert.deepEqual(parseCommandLine([]), { directory: undefined, enclosure: "auto", isHelp: false });
});

test("directory and kind of guest can be chosen", () => {
  const options = parseCommandLine(["--directory", "/tmp/x", "--guest=root-tree"]);
  assert.deepEqual(options, { directory: "/tmp/x", enclosure: "root-tree", isHelp: false });
});

for (const args of [["--guest", "vm"], ["--unknown"], ["word"], ["--directory"], ["--directory", ""]]) {
  test(`${JSON.stringify(args)} is refused and help is named`, () => {
    assert.throws(
      () => parseCommandLine(args),
      (error) => error instanceof ControlError && error.code === "USAGE" && error.wayOut.includes("--help"),
    );
  });
}

test("every option that is understood stands in the help", () => {
  for (const option of ["--directory", "--guest", "--help"]) assert.ok(HELP.includes(option), option);
});
