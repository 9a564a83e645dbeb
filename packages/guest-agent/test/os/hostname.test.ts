import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence, NetworkFacts } from "../../src/os/backend.ts";
import { parseHostname, planHostname } from "../../src/os/hostname.ts";
import { filesAfter, planOf, readGoldenNetwork, spellSteps } from "./golden-case.ts";

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

const managed: readonly (readonly [string, Evidence])[] = [
  ["/usr/bin/hostnamectl", {}],
  ["/run/systemd/system", {}],
  ["/run/dbus/system_bus_socket", {}],
];

/** The steps that rename the guest `old`, of which only /etc/hosts is right already. */
function renameSteps(guest: {
  readonly wanted?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly evidence: readonly (readonly [string, Evidence])[];
}): string {
  const { wanted = "new", files = { "/etc/hostname": "# mine\nold\n" }, evidence } = guest;
  const facts = factsOf({ "/etc/hosts": `127.0.1.1 ${wanted}\n`, ...files });
  return spellSteps(planHostname(wanted, { ...facts, evidence: new Map(evidence) }));
}

const byFile = "write /etc/hostname 0644\nhostname new\n";
const byHostnamed =
  "hostname new\n" +
  "run hostnamectl --static set-hostname new (undo: hostnamectl --static set-hostname old)\n" +
  "write /etc/hostname 0644\n";

test("systemd-hostnamed is asked before the file is written, and the kernel's name is taken back last", () => {
  assert.equal(renameSteps({ evidence: managed }), byHostnamed);
});

test("systemd-hostnamed forgets a name again that there was not", () => {
  assert.match(renameSteps({ evidence: managed, files: {} }), /undo: hostnamectl --static set-hostname \)/);
});

test("systemd-hostnamed is not asked for the kernel's name alone", () => {
  assert.equal(renameSteps({ evidence: managed, files: { "/etc/hostname": "new\n" } }), "hostname new\n");
});

const unasked: readonly (readonly [string, readonly (readonly [string, Evidence])[]])[] = [
  ["systemd does not run", managed.filter(([path]) => path !== "/run/systemd/system")],
  ["D-Bus does not run yet", managed.filter(([path]) => !path.startsWith("/run/dbus"))],
  ["there is no hostnamectl", managed.filter(([path]) => !path.endsWith("hostnamectl"))],
  ["it is masked", [...managed, ["/etc/systemd/system/systemd-hostnamed.service", { link: "/dev/null" }]]],
];

for (const [why, evidence] of unasked) {
  test(`systemd-hostnamed is not asked when ${why}`, () => assert.equal(renameSteps({ evidence }), byFile));
}

test("systemd-hostnamed is not asked for a name with an underscore, which it refuses", () => {
  assert.equal(renameSteps({ evidence: managed, wanted: "a_b" }), "write /etc/hostname 0644\nhostname a_b\n");
});

// Distributions of before /etc/hostname, and what is in their files afterwards.
const script = ["/etc/rc.d/rc.sysinit", {}] as const;
const distributions: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  readonly (readonly [string, Evidence])[],
  Readonly<Record<string, string>>,
])[] = [
  [
    "SUSE before systemd",
    { "/etc/HOSTNAME": "old.site\n" },
    [["/etc/HOSTNAME", {}]],
    { "/etc/HOSTNAME": "new\n" },
  ],
  [
    "SUSE with systemd",
    { "/etc/HOSTNAME": "old\n", "/etc/hostname": "old\n" },
    [["/etc/HOSTNAME", { link: "hostname" }]],
    { "/etc/HOSTNAME": "old\n", "/etc/hostname": "new\n" },
  ],
  [
    "Red Hat 6",
    { "/etc/sysconfig/network": "NETWORKING=yes\nHOSTNAME=old.example.com\nGATEWAYDEV=eth0\n" },
    [script],
    { "/etc/sysconfig/network": "NETWORKING=yes\nHOSTNAME=new\nGATEWAYDEV=eth0\n" },
  ],
  [
    "Red Hat 6 without a name",
    { "/etc/sysconfig/network": "NETWORKING=yes" },
    [script],
    { "/etc/sysconfig/network": "NETWORKING=yes\nHOSTNAME=new\n" },
  ],
  [
    "Red Hat 7 and later",
    { "/etc/sysconfig/network": "# Created by anaconda\n", "/etc/hostname": "old\n" },
    [],
    { "/etc/sysconfig/network": "# Created by anaconda\n", "/etc/hostname": "new\n" },
  ],
  [
    "Gentoo",
    { "/etc/conf.d/hostname": '# Set the hostname\nhostname="old"\n' },
    [],
    { "/etc/conf.d/hostname": '# Set the hostname\nhostname="new"\n', "/etc/hostname": "new\n" },
  ],
  [
    "FreeBSD",
    { "/etc/rc.conf": 'hostname="old"\nsshd_enable="YES"\n', "/etc/rc.conf.local": "x=1\n" },
    [["/bin/freebsd-version", {}]],
    { "/etc/rc.conf": 'hostname="new"\nsshd_enable="YES"\n', "/etc/rc.conf.local": "x=1\n" },
  ],
  [
    "Arch Linux of the time of its rc.conf, whose names are other ones",
    { "/etc/rc.conf": 'HOSTNAME="old"\n', "/etc/hostname": "old\n" },
    [],
    { "/etc/rc.conf": 'HOSTNAME="old"\n', "/etc/hostname": "new\n" },
  ],
  ["one that has no name yet", {}, [], { "/etc/hostname": "new\n" }],
];

for (const [what, before, evidence, after] of distributions) {
  test(`the name goes into the files of ${what}, and no others`, () => {
    const hosts = { "/etc/hosts": "127.0.1.1 new\n" };
    const facts = { ...factsOf({ ...hosts, ...before }), evidence: new Map(evidence) };
    const files = filesAfter(facts.files, planHostname("new", facts));
    assert.deepEqual(Object.fromEntries(files), { ...hosts, ...after });
    const again = planHostname("new", { ...facts, hostname: "new", files });
    assert.deepEqual(again, []);
  });
}

test("a file that keeps both the name and the network gets both", () => {
  const path = "/etc/rc.conf";
  const files = new Map([[path, 'hostname="old"\nifconfig_xn0="DHCP"\n']]);
  const { steps } = planOf(readGoldenNetwork("xn-canonical"), { files, evidence: ["/bin/freebsd-version"] });
  const text = filesAfter(files, steps).get(path) ?? "";
  assert.match(text, /^hostname="web01"$/m);
  assert.match(text, /^ifconfig_xn0="inet 198\.51\.100\.10\/24"$/m);
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
