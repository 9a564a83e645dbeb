import assert from "node:assert/strict";
import test from "node:test";
import { readGolden } from "./support/golden.ts";
import { runHere } from "./support/run-here.ts";
import { parseLine, runGuestctl } from "./support/run-guestctl.ts";

test("--help is the reviewed text", async () => {
  const { status, stdout, stderr } = await runGuestctl({ args: ["--help"] });
  assert.equal(stdout, await readGolden("help.txt"));
  assert.deepEqual([status, stderr], [0, ""]);
});

for (const command of [
  "list",
  "version",
  "features",
  "password",
  "inject-file",
  "reset-network",
  "send",
  "ls",
  "watch",
]) {
  test(`${command} --help tells what it does and names the options of every command`, async () => {
    const { status, stdout } = await runHere([command, "--help"]);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Usage: guestctl ${command} `));
    assert.match(stdout, /--json/);
    assert.match(stdout, /--timeout <seconds>/);
  });
}

test("--version is that of the package", async () => {
  const { status, stdout } = await runHere(["--version"]);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(status, 0);
});

const wrong = [
  ["no command", [], /No command given/],
  ["an unknown command", ["frob"], /unknown command 'frob'/],
  ["a missing argument", ["version"], /missing required argument 'guest'/],
  ["a second argument to password", ["password", "5", "planted-secret"], /too many arguments/],
  ["a wait that is no number", ["version", "5", "--timeout", "x"], /--timeout <seconds>.*more than 0/],
  [
    "two sources of a password",
    ["password", "5", "--generate", "--password-file", "x"],
    /cannot be used with/,
  ],
  ["a value that is not JSON", ["send", "5", "x", "{", "--value-json"], /not JSON/],
] as const;

for (const [name, args, words] of wrong) {
  test(`${name} is wrong usage, in text and in JSON`, async () => {
    const text = await runHere(args);
    assert.deepEqual([text.status, text.stdout], [2, ""]);
    assert.match(text.stderr, /^guestctl: .*\n$/);
    assert.match(text.stderr, words);
    assert.doesNotMatch(text.stderr, /planted-secret/);
    const json = await runHere([...args, "--json"]);
    assert.deepEqual([json.status, json.stderr], [2, ""]);
    const { error } = parseLine(json.stdout) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    assert.equal(error.code, "USAGE");
    assert.match(error.message, words);
  });
}

test("a XenStore that cannot be reached is named with the way out", async () => {
  const socketPath = "/nonexistent/xenstored/socket";
  const text = await runGuestctl({ args: ["list"], socketPath });
  assert.deepEqual([text.status, text.stdout], [3, ""]);
  assert.match(text.stderr, /^guestctl: .*"\/nonexistent\/xenstored\/socket".*npm start.*XENSTORED_PATH/);
  const json = await runGuestctl({ args: ["list", "--json"], socketPath });
  assert.equal(json.status, 3);
  assert.match(json.stdout, /^\{"error":\{"code":"XENSTORE_UNREACHABLE","message":"/);
});
