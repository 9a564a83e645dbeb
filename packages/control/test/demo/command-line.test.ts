import assert from "node:assert/strict";
import test from "node:test";
import { HELP, parseCommandLine } from "../../src/demo/command-line.ts";
import { ControlError } from "../../src/errors.ts";

test("without arguments the user's own directory and the best kind of guest are taken", () => {
  assert.deepEqual(parseCommandLine([]), {
    directory: undefined,
    enclosure: "auto",
    dataDirectory: undefined,
    port: 0,
    monitoringPort: undefined,
    isHelp: false,
  });
});

test("directories, kind of guest and ports can be chosen", () => {
  const args = [
    "--directory",
    "/tmp/x",
    "--guest=root-tree",
    "--data",
    "/tmp/y",
    "--port=8774",
    "--monitoring-port",
    "0",
  ];
  assert.deepEqual(parseCommandLine(args), {
    directory: "/tmp/x",
    enclosure: "root-tree",
    dataDirectory: "/tmp/y",
    port: 8774,
    monitoringPort: 0,
    isHelp: false,
  });
});

for (const args of [
  ["--guest", "vm"],
  ["--unknown"],
  ["word"],
  ["--directory"],
  ["--directory", ""],
  ["--data", ""],
  ["--port", "65536"],
  ["--port", "http"],
  ["--monitoring-port", "none"],
]) {
  test(`${JSON.stringify(args)} is refused and help is named`, () => {
    assert.throws(
      () => parseCommandLine(args),
      (error) => error instanceof ControlError && error.code === "USAGE" && error.wayOut.includes("--help"),
    );
  });
}

test("every option that is understood stands in the help", () => {
  for (const option of ["--directory", "--guest", "--port", "--monitoring-port", "--data", "--help"])
    assert.ok(HELP.includes(option), option);
});
