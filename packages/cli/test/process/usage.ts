import assert from "node:assert/strict";
import { readGolden } from "../support/golden.ts";
import type { ProcessTest } from "../support/guestctl.ts";
import { parseLine } from "../support/parse-line.ts";

/** What guestctl says of itself and of a wrong command line. */
export function usageTests(test: ProcessTest): void {
  test("--help is the reviewed text", async (_context, guestctl) => {
    const { status, stdout, stderr } = await guestctl.run({ args: ["--help"] });
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
    "operations",
    "build",
    "rescue",
    "unrescue",
    "network list",
    "network attach",
    "network detach",
    "network",
  ]) {
    test(`${command} --help is the reviewed text`, async (_context, guestctl) => {
      const { status, stdout } = await guestctl.ask([...command.split(" "), "--help"]);
      assert.equal(stdout, await readGolden(`help/${command.replace(" ", "-")}.txt`));
      assert.equal(status, 0);
    });
  }

  test("--version is that of the package", async (_context, guestctl) => {
    const { status, stdout } = await guestctl.ask(["--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(status, 0);
  });

  test("an option without its value is wrong usage", async (_context, guestctl) => {
    const { status, stderr } = await guestctl.ask(["version", "5", "--timeout"]);
    assert.equal(status, 2);
    assert.match(stderr, /option '--timeout <seconds>' argument missing/);
  });

  const wrong = [
    ["no command", [], /No command given/],
    ["an unknown command", ["frob"], /unknown command 'frob'/],
    ["a name that is nearly that of a command", ["verison"], /Did you mean version\?/],
    ["an option that is nearly another one", ["list", "--jsno"], /'--jsno' \(Did you mean --json\?\)/],
    ["a value for a flag", ["list", "--help=1"], /unknown option '--help=1'/],
    ["a letter that is no option", ["ls", "-px"], /unknown option '-x'/],
    ["an option of another command", ["list", "--generate"], /unknown option '--generate'/],
    ["the first of two words alone", ["network"], /'network' is followed by 'list' or 'attach' or 'detach'/],
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
    test(`${name} is wrong usage, in text and in JSON`, async (_context, guestctl) => {
      const text = await guestctl.ask(args);
      assert.deepEqual([text.status, text.stdout], [2, ""]);
      assert.match(text.stderr, /^guestctl: .*\n$/);
      assert.match(text.stderr, words);
      assert.doesNotMatch(text.stderr, /planted-secret/);
      const json = await guestctl.ask([...args, "--json"]);
      assert.deepEqual([json.status, json.stderr], [2, ""]);
      const { error } = parseLine(json.stdout) as {
        readonly error: { readonly code: string; readonly message: string };
      };
      assert.equal(error.code, "USAGE");
      assert.match(error.message, words);
    });
  }

  test("a XenStore that cannot be reached is named with the way out", async (_context, guestctl) => {
    const socketPath = "/nonexistent/xenstored/socket";
    const text = await guestctl.run({ args: ["list"], socketPath });
    assert.deepEqual([text.status, text.stdout], [3, ""]);
    assert.match(text.stderr, /^guestctl: .*"\/nonexistent\/xenstored\/socket".*npm start.*XENSTORED_PATH/);
    const json = await guestctl.run({ args: ["list", "--json"], socketPath });
    assert.equal(json.status, 3);
    assert.match(json.stdout, /^\{"error":\{"code":"XENSTORE_UNREACHABLE","message":"/);
  });
}
