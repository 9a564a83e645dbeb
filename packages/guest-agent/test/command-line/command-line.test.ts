import assert from "node:assert/strict";
import { test } from "node:test";
import { USAGE, argumentsOf, parseCommandLine } from "../../src/command-line/command-line.ts";

test("without options the agent serves the live system with the usual configuration", () => {
  const expected = { kind: "serve", root: "/", configPath: undefined, isDryRun: false };
  assert.deepEqual(parseCommandLine([]), expected);
});

test("values stand behind the option or behind an equals sign", () => {
  const expected = { kind: "serve", root: "/mnt", configPath: "/etc/other.conf", isDryRun: true };
  assert.deepEqual(parseCommandLine(["--root", "/mnt", "--dry-run", "--config=/etc/other.conf"]), expected);
});

test("network takes an action and what it is about", () => {
  const common = { kind: "network", root: "/", configPath: undefined, from: undefined, isJson: false };
  assert.deepEqual(parseCommandLine(["network", "plan"]), { ...common, action: "plan" });
  assert.deepEqual(parseCommandLine(["network", "--root=/mnt", "apply", "--from", "net.json"]), {
    ...common,
    action: "apply",
    root: "/mnt",
    from: "net.json",
  });
  assert.deepEqual(parseCommandLine(["network", "show", "--json"]), {
    ...common,
    action: "show",
    isJson: true,
  });
  assert.deepEqual(parseCommandLine(["network", "--help"]), { kind: "help" });
});

test("undo takes a root and a configuration", () => {
  assert.deepEqual(parseCommandLine(["undo"]), { kind: "undo", root: "/", configPath: undefined });
  assert.deepEqual(parseCommandLine(["undo", "--root=/mnt", "--config", "x"]), {
    kind: "undo",
    root: "/mnt",
    configPath: "x",
  });
});

test("xe-daemon takes its options by the letters of xe-guest-utilities too", () => {
  const common = { kind: "xe-daemon", root: "/", configPath: undefined };
  assert.deepEqual(parseCommandLine(["xe-daemon"]), {
    ...common,
    offersBalloon: true,
    isDebug: false,
    intervalMs: 120_000,
    pidFile: undefined,
  });
  const expected = {
    ...common,
    offersBalloon: false,
    isDebug: true,
    intervalMs: 20_000,
    pidFile: "/run/x.pid",
  };
  const letters = ["xe-daemon", "-B", "-d", "-i", "10", "-p", "/run/x.pid"];
  const words = ["xe-daemon", "--no-balloon", "--debug", "--interval=10", "--pid-file", "/run/x.pid"];
  assert.deepEqual(parseCommandLine(letters), expected);
  assert.deepEqual(parseCommandLine(words), expected);
  for (const interval of ["0", "3601", "1s", ""]) {
    assert.throws(() => parseCommandLine(["xe-daemon", `--interval=${interval}`]), {
      code: "AGENT_BAD_SETTING",
    });
  }
});

test("xe-linux-distribution takes a file", () => {
  const common = { kind: "xe-linux-distribution", root: "/", configPath: undefined };
  assert.deepEqual(parseCommandLine(["xe-linux-distribution"]), { ...common, output: undefined });
  assert.deepEqual(parseCommandLine(["xe-linux-distribution", "/x"]), { ...common, output: "/x" });
});

test("the program does by name what its commands of that name do", () => {
  assert.deepEqual(argumentsOf("/usr/sbin/xe-daemon", ["-B"]), ["xe-daemon", "-B"]);
  assert.deepEqual(argumentsOf("xe-linux-distribution", []), ["xe-linux-distribution"]);
  assert.deepEqual(argumentsOf("/usr/bin/nova-agent", ["--dry-run"]), ["--dry-run"]);
});

test("status takes JSON, and tells of the running system alone", () => {
  const common = { kind: "status", configPath: undefined, root: "/" };
  assert.deepEqual(parseCommandLine(["status", "--json"]), { ...common, isJson: true });
  assert.deepEqual(parseCommandLine(["status", "--root", "/"]), { ...common, isJson: false });
  assert.throws(() => parseCommandLine(["status", "--root", "/mnt"]), {
    message: 'Option "--root" is not for nova-agent status, which tells of the running system',
  });
});

test("rescue takes the root of another system, and what is left out", () => {
  const common = { kind: "rescue", configPath: undefined, root: "/mnt" };
  assert.deepEqual(parseCommandLine(["rescue", "--root", "/mnt"]), {
    ...common,
    parts: ["password", "services", "network"],
    isDryRun: false,
  });
  assert.deepEqual(
    parseCommandLine(["rescue", "--no-password", "--root=/mnt", "--dry-run", "--no-network"]),
    {
      ...common,
      parts: ["services"],
      isDryRun: true,
    },
  );
  const message = "nova-agent rescue needs --root DIR, where the other system's disk is mounted";
  assert.throws(() => parseCommandLine(["rescue"]), { message });
  assert.throws(() => parseCommandLine(["rescue", "--root", "/"]), { message });
});

test("doctor takes a root, and JSON", () => {
  const common = { kind: "doctor", configPath: undefined };
  assert.deepEqual(parseCommandLine(["doctor"]), { ...common, root: "/", isJson: false });
  assert.deepEqual(parseCommandLine(["doctor", "--json", "--root", "/mnt"]), {
    ...common,
    root: "/mnt",
    isJson: true,
  });
});

test("--help and --version go before everything else", () => {
  assert.deepEqual(parseCommandLine(["--root=/mnt", "--help", "--version"]), { kind: "help" });
  assert.deepEqual(parseCommandLine(["--dry-run", "--version"]), { kind: "version" });
});

const wrongLines: readonly (readonly [readonly string[], string])[] = [
  [["--foo"], 'Unknown option "--foo"; known are --help, --version, --root, --config, --dry-run'],
  [["-x"], 'Unknown option "-x"; known are --help, --version, --root, --config, --dry-run'],
  [["--help", "--foo"], 'Unknown option "--foo"; known are --help, --version, --root, --config, --dry-run'],
  [["--root"], 'Option "--root" needs a value'],
  [["--root="], 'Option "--root" needs a value'],
  [["--root", "--dry-run"], 'Option "--root" needs a value'],
  [["--dry-run=yes"], 'Option "--dry-run" takes no value'],
  [["start"], 'Unexpected argument "start"'],
  [["undo", "network"], 'Unexpected argument "network"'],
  [["undo", "--dry-run"], 'Unknown option "--dry-run"; known are --help, --version, --root, --config'],
  [["network"], "nova-agent network needs an action: show, plan, diff, apply"],
  [["network", "reset"], 'Unknown action "reset" of nova-agent network; known are show, plan, diff, apply'],
  [["network", "show", "plan"], 'Unexpected argument "plan"'],
  [["network", "plan", "--json"], 'Option "--json" belongs to network show'],
  [
    ["network", "plan", "--dry-run"],
    'Unknown option "--dry-run"; known are --help, --version, --root, --config, --from, --json',
  ],
];

for (const [args, message] of wrongLines) {
  test(`nova-agent ${args.join(" ")} is refused`, () => {
    assert.throws(() => parseCommandLine(args), { code: "AGENT_BAD_SETTING", message });
  });
}

test("the help names every option", () => {
  for (const option of [
    "--help",
    "--version",
    "--root DIR",
    "--config FILE",
    "--dry-run",
    "--from FILE",
    "--json",
  ]) {
    assert.ok(USAGE.includes(`  ${option} `), option);
  }
});
