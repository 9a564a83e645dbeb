import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkFacts } from "../../src/os/backend.ts";
import { parseHostname, planHostname } from "../../src/os/hostname.ts";
import { filesAfter, spellSteps } from "./golden-case.ts";

function factsOf(files: Readonly<Record<string, string>>, hostname = "old"): NetworkFacts {
  return { vifs: [], hostname, evidence: new Map(), files: new Map(Object.entries(files)) };
}

/** /etc/hosts after the guest `old` became `wanted`. */
function hostsAfter(text: string, wanted = "new", old = "old"): string | undefined {
  const facts = factsOf({ "/etc/hosts": text }, old);
  return filesAfter(facts.files, planHostname(wanted, facts)).get("/etc/hosts");
}

const names = [
  ["web01", "web01"],
  ["RESCUE-web01", "RESCUE-web01"],
  ["web01.example.com", "web01.example.com"],
  ["web01.example.com.", "web01.example.com"],
  ["under_score", "under_score"],
  ["7", "7"],
  ["web01\n", "web01"],
  ["x".repeat(64), "x".repeat(63)],
  [`${"x".repeat(62)}-${"y".repeat(9)}`, "x".repeat(62)],
  [`${"x".repeat(40)}.${"y".repeat(40)}`, `${"x".repeat(40)}.${"y".repeat(23)}`],
  [`${"x".repeat(63)}.y`, "x".repeat(63)],
] as const;

for (const [text, wanted] of names) {
  test(`host name ${JSON.stringify(text).slice(0, 50)} is kept as ${wanted.slice(0, 45)}`, () => {
    assert.equal(parseHostname(text), wanted);
  });
}

const notNames = [
  "",
  ".",
  "a..b",
  "-a",
  "a-",
  "a b",
  "a\nb",
  "a\0",
  "$(reboot)",
  "a;b",
  "ä",
  "a/b",
  "a:b",
  "[::1]",
];

for (const text of notNames) {
  test(`${JSON.stringify(text)} is no host name, and the message says so`, () => {
    assert.throws(() => parseHostname(text), {
      code: "AGENT_BAD_PAYLOAD",
      message: /vm-data\/hostname is "/,
    });
  });
}

test("a name that the guest has everywhere needs no step", () => {
  const facts = factsOf({ "/etc/hostname": "old\n", "/etc/hosts": "127.0.1.1 old\n" });
  assert.deepEqual(planHostname("old", facts), []);
});

test("a new name goes into the kernel, its file and /etc/hosts", () => {
  const facts = factsOf({ "/etc/hostname": "old\n", "/etc/hosts": "127.0.1.1 old\n" });
  const steps = planHostname("new", facts);
  assert.equal(spellSteps(steps), "write /etc/hostname 0644\nwrite /etc/hosts 0644\nhostname new\n");
  assert.equal(filesAfter(facts.files, steps).get("/etc/hostname"), "new\n");
});

const hosts = [
  ["the old name, alone", "127.0.0.1 localhost\n127.0.1.1 old\n", "127.0.0.1 localhost\n127.0.1.1\tnew\n"],
  ["with its domain", "192.0.2.1  old.example.com old # me\n", "192.0.2.1\tnew.example.com new # me\n"],
  ["among other names", "127.0.0.1 localhost old db\n", "127.0.0.1\tlocalhost new db\n"],
  [
    "on several lines",
    "127.0.1.1 old\n::1 old\n10.0.0.1 older\n",
    "127.0.1.1\tnew\n::1\tnew\n10.0.0.1 older\n",
  ],
  [
    "a line for another name",
    "127.0.0.1 localhost\n127.0.1.1 other\n",
    "127.0.0.1 localhost\n127.0.1.1\tnew\n",
  ],
  ["no line for a name", "127.0.0.1 localhost\n# end\n", "127.0.0.1 localhost\n127.0.1.1\tnew\n# end\n"],
  ["the new name already", "203.0.113.9 x new\n127.0.1.1 old\n", "203.0.113.9 x new\n127.0.1.1 old\n"],
  ["the new name in a comment", "# new\n127.0.1.1 old\n", "# new\n127.0.1.1\tnew\n"],
  ["no line feed at the end", "127.0.1.1 old", "127.0.1.1\tnew\n"],
  ["nothing", "", "127.0.1.1\tnew\n"],
] as const;

for (const [what, before, after] of hosts) {
  test(`/etc/hosts with ${what}`, () => assert.equal(hostsAfter(before), after));
}

test("a name with a domain stands in /etc/hosts with its first part", () => {
  assert.equal(hostsAfter("127.0.1.1 old\n", "new.example.org"), "127.0.1.1\tnew.example.org new\n");
  assert.equal(
    hostsAfter("127.0.1.1 old.example.com old\n", "new.example.org"),
    "127.0.1.1\tnew.example.org new\n",
  );
});

test("a guest that called itself localhost keeps the line of localhost", () => {
  const before = "127.0.0.1 localhost localhost.localdomain\n";
  assert.equal(hostsAfter(before, "new", "localhost"), `${before}127.0.1.1\tnew\n`);
});
