import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "@nova-agent/testbed";
import { DEFAULT_CONFIG, SETTING_NAMES, parseConfig } from "../src/config.ts";

const sample = readFileSync(join(repositoryRoot(), "packaging/nova-agent.conf"), "utf8");

test("every setting is read", () => {
  const text =
    "log_level = debug\nxenstore=/dev/xen/xenbus\n\n # comment\n\tpoll_seconds =\t5 \r\nreply_seconds=60\n" +
    "apply_at_start = no\npassword_user = admin.1\nredhat_org = Acme Ltd";
  assert.deepEqual(parseConfig(text, "file"), {
    logLevel: "debug",
    xenstorePath: "/dev/xen/xenbus",
    pollIntervalMs: 5000,
    replyKeptMs: 60_000,
    isAppliedAtStart: false,
    passwordUser: "admin.1",
    redhatOrg: "Acme Ltd",
  });
});

test("an empty file is the default", () => {
  assert.deepEqual(parseConfig("", "file"), DEFAULT_CONFIG);
});

test("the sample file as it is changes nothing", () => {
  assert.deepEqual(parseConfig(sample, "sample"), DEFAULT_CONFIG);
});

test("the sample file has every setting, at its default", () => {
  const uncommented = sample.replaceAll(/^#(\w+ =)/gm, "$1");
  const named = [...uncommented.matchAll(/^(\w+) =/gm)].map(([, name]) => name);
  assert.deepEqual(named, SETTING_NAMES);
  assert.deepEqual(parseConfig(uncommented, "sample"), DEFAULT_CONFIG);
});

const wrongLines = [
  [
    "colour = red",
    'Unknown setting "colour"; known are log_level, xenstore, poll_seconds, reply_seconds, apply_at_start, password_user, redhat_org',
  ],
  ["log_level", '"log_level" is not of the form key = value'],
  ["log_level = loud", '"log_level" takes debug, info, warn or error, not "loud"'],
  ["xenstore = xenbus", '"xenstore" takes auto or an absolute path, not "xenbus"'],
  ["poll_seconds = 0", '"poll_seconds" takes 1 to 3600 seconds, not "0"'],
  ["poll_seconds = 1e2", '"poll_seconds" takes 1 to 3600 seconds, not "1e2"'],
  ["reply_seconds = 86401", '"reply_seconds" takes 60 to 86400 seconds, not "86401"'],
  ["apply_at_start = true", '"apply_at_start" takes yes or no, not "true"'],
  ["reply_seconds =", '"reply_seconds" takes 60 to 86400 seconds, not ""'],
  ...["", "a:b", "-x", "1st", "a b", "\u00e4", "x".repeat(33)].map(
    (name) =>
      [
        `password_user = ${name}`,
        `"password_user" takes the name of a user, in at most 32 of A-Z a-z 0-9 _ . -, not "${name}"`,
      ] as const,
  ),
  ["redhat_org = -x", `"redhat_org" takes none, or an organization's name in printable characters, not "-x"`],
] as const;

for (const [line, message] of wrongLines) {
  test(`"${line}" is refused with its line`, () => {
    const text = `# comment\n\n${line}\n`;
    assert.throws(() => parseConfig(text, "/etc/x.conf"), {
      code: "AGENT_BAD_SETTING",
      message: `/etc/x.conf:3: ${message}`,
    });
  });
}

test("a setting that stands twice is refused at its second line", () => {
  assert.throws(() => parseConfig("poll_seconds = 5\npoll_seconds = 6\n", "file"), {
    message: 'file:2: "poll_seconds" is set a second time',
  });
});
