import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { XenstoreError } from "@nova-agent/xenstore";
import { repositoryRoot } from "@nova-agent/testbed";
import { checks } from "../../src/doctor/checks.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { runDoctorCommand } from "../../src/command-line/doctor-command.ts";
import { createDoctorGuest, wanted } from "../support/doctor-guest.ts";
import type { FakeSystem } from "../support/fake-system.ts";
import { cases, request, WANTS } from "./cases.ts";

const golden = join(repositoryRoot(), "packages/guest-agent/test/golden");

async function examine(system: FakeSystem, root = "/") {
  const texts: string[] = [];
  const ask = (isJson: boolean) =>
    runDoctorCommand({ system, root, passwordUser: "root", isJson, print: (text) => texts.push(text) });
  const status = await ask(false);
  await ask(true);
  const [text = "", json = ""] = texts;
  const report = JSON.parse(json) as { problems: number; warnings: number; findings: Finding[] };
  return { status, text, ...report };
}

type Examined = Awaited<ReturnType<typeof examine>>;

function bad({ findings }: Examined): readonly string[] {
  return findings
    .filter(({ fix }) => fix !== "")
    .map(({ severity, check, what, fix }) => `${severity} ${check}: ${what} -> ${fix}`);
}

test("a guest of which all is as it should be has no finding, and every check has looked", async () => {
  const examined = await examine(await createDoctorGuest());
  assert.deepEqual(bad(examined), []);
  assert.equal(examined.status, 0);
  assert.deepEqual(
    examined.findings.filter(({ severity }) => severity !== "ok"),
    [],
  );
  assert.deepEqual(
    checks.map(({ name }) => name).filter((name) => !examined.findings.some(({ check }) => check === name)),
    [],
  );
  assert.equal(examined.text, readFileSync(join(golden, "nova-agent-doctor-well.txt"), "utf8"));
});

test("looking changes nothing", async () => {
  const system = await createDoctorGuest();
  const [before, changes] = [system.files.all(), system.files.changes.length];
  await examine(system);
  assert.deepEqual(system.files.all(), before);
  assert.equal(system.files.changes.length, changes);
});

for (const { name, options, spoil, found } of cases) {
  test(`the doctor finds ${name}`, async () => {
    const system = await createDoctorGuest(options);
    spoil?.(system);
    const examined = await examine(system);
    const lines = bad(examined);
    assert.equal(lines.length, found.length, lines.join("\n"));
    for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? "", pattern);
    assert.equal(examined.status, lines.some((line) => line.startsWith("problem")) ? 1 : 2);
  });
}

test("the report of a sick guest names the worst first, each with its fix", async () => {
  const system = await createDoctorGuest({ vmData: request("version") });
  system.files.remove("/proc/700/cmdline");
  system.files.remove(`${WANTS}/nova-agent.service`);
  system.files.addFile("/etc/shadow", "root:*:20000:0:99999:7:::\n");
  const { text, status, problems, warnings } = await examine(system);
  assert.equal(text, readFileSync(join(golden, "nova-agent-doctor-sick.txt"), "utf8"));
  assert.deepEqual({ status, problems, warnings }, { status: 1, problems: 3, warnings: 1 });
});

test("a mounted disk is examined by its files alone, and no program is run", async () => {
  const system = await createDoctorGuest({
    root: "/mnt/rescue",
    vmData: { ...wanted, "vm-data/hostname": "RESCUE-web01" },
  });
  const before = system.calls.length;
  const well = await examine(system, "/mnt/rescue");
  assert.deepEqual(bad(well), []);
  assert.deepEqual(
    well.findings.filter(({ severity }) => severity === "skipped").map(({ check }) => check),
    ["network-kernel", "clock"],
  );
  const { files } = system;
  files.remove(`/mnt/rescue${WANTS}/nova-agent.service`);
  files.addFile("/mnt/rescue/etc/shadow", "root:*:20000:0:99999:7:::\n");
  files.addFile("/mnt/rescue/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n");
  const sick = await examine(system, "/mnt/rescue");
  assert.deepEqual(system.calls.length, before);
  assert.deepEqual(bad(sick), [
    "problem service: nova-agent does not start with the system (systemd) -> nova-agent rescue --root /mnt/rescue --no-password --no-network",
    "problem network-files: Not as the host wants: /etc/network/interfaces -> nova-agent rescue --root /mnt/rescue --no-password --no-services",
    "warning root-password: The password of root is locked; keys may still work -> nova-agent rescue --root /mnt/rescue --no-services --no-network",
  ]);
});

test("a mounted disk is examined without XenStore, as far as files tell", async () => {
  const system = { ...(await createDoctorGuest({ root: "/mnt/rescue" })) };
  const { findings, status } = await examine(createUnreachable(system), "/mnt/rescue");
  assert.equal(status, 0);
  const isSkipped = (name: string) =>
    findings.some(({ check, severity }) => check === name && severity === "skipped");
  assert.deepEqual(
    ["xenbus", "requests", "vm-data", "network-files"].filter((name) => !isSkipped(name)),
    [],
  );
});

function createUnreachable(system: FakeSystem): FakeSystem {
  system.files.remove("/sys/hypervisor/type");
  return {
    ...system,
    connectXenstore: () => Promise.reject(new XenstoreError("ENOENT", "No XenStore here")),
  };
}

for (const [device, fix] of [
  ["is there", /^Run this as root; /],
  ["is not there", /^modprobe xenfs; mount -t xenfs xenfs \/proc\/xen$/],
] as const) {
  test(`a XenStore that does not answer although its device ${device} is a problem`, async () => {
    const system = await createDoctorGuest();
    if (device === "is not there") system.files.remove("/dev/xen/xenbus");
    const { findings } = await examine({
      ...system,
      connectXenstore: () => Promise.reject(new XenstoreError("EACCES", "Not allowed")),
    });
    const [first] = findings;
    const { severity, check, what } = first ?? {};
    const expected = { severity: "problem", check: "xenbus", what: "XenStore does not answer: Not allowed" };
    assert.deepEqual({ severity, check, what }, expected);
    assert.match(first?.fix ?? "", fix);
  });
}

test("a machine that is no guest of Xen is named", async () => {
  const system = await createDoctorGuest();
  system.files.addFile("/sys/hypervisor/type", "kvm\n");
  const { findings } = await examine({
    ...system,
    connectXenstore: () => Promise.reject(new XenstoreError("ENOENT", "None")),
  });
  assert.match(findings[0]?.what ?? "", /^This is no Xen guest: this is a guest of kvm$/);
});
