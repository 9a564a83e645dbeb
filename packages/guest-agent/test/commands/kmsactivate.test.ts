import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8 } from "@nova-agent/xenstore";
import { kmsactivate } from "../../src/commands/kmsactivate.ts";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { AgentError } from "../../src/errors.ts";
import type { Plan, RunPythonStep, Step } from "../../src/plan.ts";
import type { RequestValue } from "../../src/protocol/request.ts";
import { renderPlan } from "../../src/command-line/render-plan.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { createGuest } from "../support/guest.ts";

const RHSM = "/usr/sbin/subscription-manager";
const RHN = "/usr/sbin/rhnreg_ks";
const KEY = "1-build-key";
const PYTHON = "#!/usr/bin/python3 -Es\nimport sys\n";

/** A guest of the Red Hat family, by its files. */
interface RedHatGuest {
  readonly files: Readonly<Record<string, string>>;
  readonly redhatOrg?: string;
}

const el9: RedHatGuest = { files: { [RHSM]: PYTHON } };
const el6: RedHatGuest = {
  files: {
    [RHSM]: "#!/usr/bin/python\n",
    [RHN]: "#!/usr/bin/python\n",
    "/etc/redhat-release": "CentOS release 6.10 (Final)\n",
  },
};

async function decide(value: RequestValue, { files, redhatOrg }: RedHatGuest): Promise<Plan> {
  const system = createFakeSystem();
  for (const [path, content] of Object.entries(files)) system.files.addFile(path, content);
  const plan = await kmsactivate.decide(
    value,
    createGuest({ system, config: { ...DEFAULT_CONFIG, redhatOrg } }),
  );
  assert.deepEqual(system.calls, []);
  assert.deepEqual(plan.reply, { returncode: "0", message: "" });
  return plan;
}

/** The words of a program as it would see them. */
function wordsOf(step: Step | undefined): readonly string[] {
  assert.ok(step?.step === "runPython");
  return step.argv.map((word) => (typeof word === "string" ? word : Buffer.from(word.reveal()).toString()));
}

function interpreterOf(plan: Plan): RunPythonStep["interpreter"] | undefined {
  return plan.steps.find((step) => step.step === "runPython")?.interpreter;
}

const full = {
  activation_key: KEY,
  profile: "web 1",
  domains: ["sat.example.com", "sat2:8443"],
  org: "Acme",
};

test("a guest with subscription-manager registers with key, organization, name and first server", async () => {
  const plan = await decide(full, el9);
  assert.equal(plan.steps.length, 1);
  assert.deepEqual(wordsOf(plan.steps[0]), [
    RHSM,
    "register",
    "--activationkey",
    KEY,
    "--org=Acme",
    "--name=web 1",
    "--serverurl=https://sat.example.com/rhsm",
    "--force",
  ]);
  assert.deepEqual(interpreterOf(plan), ["/usr/bin/python3", "-Es"]);
});

test("what the value leaves out stays as the guest has it, and the organization is the setting's", async () => {
  for (const domains of ["", null, [], undefined]) {
    const rest = domains === undefined ? {} : { domains };
    const plan = await decide({ activation_key: KEY, ...rest }, { ...el9, redhatOrg: "Ours" });
    const words = [RHSM, "register", "--activationkey", KEY, "--org=Ours", "--force"];
    assert.deepEqual(wordsOf(plan.steps[0]), words);
  }
});

test("the host's organization goes before the setting's", async () => {
  const plan = await decide(full, { ...el9, redhatOrg: "Ours" });
  assert.ok(wordsOf(plan.steps[0]).includes("--org=Acme"));
});

test("Red Hat's own server keeps its own path, and a domain may be a text with a port", async () => {
  const own = "subscription.rhsm.redhat.com";
  for (const [domains, url] of [
    [own, `https://${own}/subscription`],
    ["sat:8443", "https://sat:8443/rhsm"],
  ] as const) {
    const { steps } = await decide({ ...full, domains }, el9);
    assert.equal(wordsOf(steps[0]).at(-2), `--serverurl=${url}`);
  }
});

const up2date = `
serverURL=https://sat.example.com/XMLRPC;https://sat2:8443/XMLRPC;
noSSLServerURL=http://sat.example.com/XMLRPC;http://sat2:8443/XMLRPC;
sslCACert=/usr/share/rhn/RHN-ORG-TRUSTED-SSL-CERT
networkRetries=5
httpProxy=
proxyUser=
proxyPassword=
disallowConfChanges=noReboot;sslCACert;useNoSSLForPackages;noSSLServerURL;serverURL;disallowConfChanges;
`;

test("Enterprise Linux 6 registers with RHN: servers in a file, no old id, rhnreg_ks", async () => {
  const { org: _org, ...value } = full;
  const [file, removal, run, ...rest] = (await decide(value, el6)).steps;
  assert.ok(file?.step === "writeFile");
  assert.equal(file.path, "/etc/sysconfig/rhn/up2date");
  assert.equal(decodeUtf8(file.content), up2date);
  assert.deepEqual(removal, { step: "removeFile", path: "/etc/sysconfig/rhn/systemid", backup: false });
  assert.deepEqual(wordsOf(run), [RHN, "--activationkey", KEY, "--profile", "web 1", "--force"]);
  assert.deepEqual(rest, []);
});

test("without domains rhnreg_ks asks the servers that the guest has set", async () => {
  const { steps } = await decide({ activation_key: KEY }, el6);
  assert.deepEqual(
    steps.map((step) => step.step),
    ["removeFile", "runPython"],
  );
  assert.deepEqual(wordsOf(steps[1]), [RHN, "--activationkey", KEY, "--force"]);
});

const choices: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ["Enterprise Linux 5 with both", { ...el6.files, "/etc/redhat-release": "release 5.11 (Tikanga)" }, RHN],
  ["Enterprise Linux 7 with both", { ...el6.files, "/etc/redhat-release": "Linux release 7.9 (Core)" }, RHSM],
  ["Enterprise Linux 10", { ...el6.files, "/etc/redhat-release": "Linux release 10.0 (X)" }, RHSM],
  ["a release that does not say", { ...el6.files, "/etc/redhat-release": "Rawhide" }, RHSM],
  ["no release at all", { [RHSM]: PYTHON, [RHN]: PYTHON }, RHSM],
  ["rhnreg_ks alone on 8", { [RHN]: PYTHON, "/etc/redhat-release": "release 8.4" }, RHN],
  ["subscription-manager alone on 6", { [RHSM]: PYTHON, "/etc/redhat-release": "release 6.1" }, RHSM],
  ["env", { [RHSM]: "#! /usr/bin/env python3\n" }, RHSM],
  ["platform-python", { [RHSM]: "#!/usr/libexec/platform-python -Es\n" }, RHSM],
];

for (const [what, files, program] of choices) {
  test(`the program that registers is ${program} with ${what}`, async () => {
    const { steps } = await decide(full, { files });
    assert.equal(wordsOf(steps.at(-1))[0], program);
  });
}

const unsupported: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["no such program", { "/etc/redhat-release": "Rocky Linux release 9.4" }],
  ["rhc alone", { "/usr/bin/rhc": "\u007fELF" }],
  ["a program that is no script", { [RHSM]: "\u007fELF" }],
  ["a script of a shell", { [RHSM]: "#!/bin/sh\nexec python3 x\n" }],
];

for (const [what, files] of unsupported) {
  test(`kmsactivate is refused and not listed with ${what}`, async () => {
    const system = createFakeSystem();
    for (const [path, content] of Object.entries(files)) system.files.addFile(path, content);
    const guest = createGuest({ system });
    assert.equal(await kmsactivate.isListed(guest), false);
    for (const value of [full, "host:1688", undefined] as const) {
      await assert.rejects(kmsactivate.decide(value, guest), {
        code: "AGENT_UNSUPPORTED",
        message: "KMS not supported on this OS",
      });
    }
  });
}

const noObject = "Activation data must be an object with activation_key, profile and domains";
const text = 'must be a text of at most 255 printable characters that does not begin with "-"';
const server = "domains must be a host name or a list of host names, each with or without :port";
const bad: readonly (readonly [RequestValue, string])[] = [
  ["host:1688", noObject],
  [undefined, noObject],
  [[], noObject],
  [{ profile: "x" }, "Activation data has no activation_key"],
  [{ ...full, activation_key: "" }, "Activation data has no activation_key"],
  [{ ...full, activation_key: "--help" }, `activation_key ${text}`],
  [{ ...full, activation_key: "a\0b" }, `activation_key ${text}`],
  [{ ...full, activation_key: "a\nb" }, `activation_key ${text}`],
  [{ ...full, activation_key: "k".repeat(256) }, `activation_key ${text}`],
  [{ ...full, activation_key: 5 }, `activation_key ${text}`],
  ...["k\u00e9y", "k'", 'k"', "k\\"].map((key): readonly [RequestValue, string] => [
    { ...full, activation_key: key },
    "activation_key must be of ASCII characters without quotes and backslashes",
  ]),
  [{ ...full, profile: "-p" }, `profile ${text}`],
  [{ ...full, profile: ["p"] }, `profile ${text}`],
  [{ ...full, org: "a\u009bb" }, `org ${text}`],
  [{ ...full, domains: "sat/x" }, server],
  [{ ...full, domains: ["sat", 5] }, server],
  [{ ...full, domains: ["a;b"] }, server],
  [{ ...full, domains: ["sat\nproxy=x"] }, server],
  [{ ...full, domains: "-sat" }, server],
  [{ ...full, domains: Array.from({ length: 17 }, () => "sat") }, "domains must not be more than 16"],
  [
    { activation_key: KEY },
    'An activation key needs its organization, and neither "org" of the activation data nor the setting redhat_org names one',
  ],
];

test("what is wrong with the value is named, and the key never", async () => {
  for (const [value, message] of bad) {
    const error: unknown = await decide(value, el9).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AgentError, JSON.stringify(value));
    assert.equal(error.code, "AGENT_BAD_PAYLOAD");
    assert.equal(error.message, message);
  }
});

test("a plan that is shown has no key in it", async () => {
  assert.equal(
    renderPlan(await decide(full, el9)),
    `run ${RHSM} register --activationkey [redacted] --org=Acme "--name=web 1" ` +
      "--serverurl=https://sat.example.com/rhsm --force (at most 25 s, its words through standard input)\nanswer 0\n",
  );
});

test("another root's registration program is found there, by its links too", async () => {
  const system = createFakeSystem();
  system.files.addFile("/guest/usr/bin/real", PYTHON);
  system.files.addLink("/guest/usr/sbin/subscription-manager", "/usr/bin/real");
  assert.equal(await kmsactivate.isListed(createGuest({ system, root: "/guest" })), true);
  assert.equal(await kmsactivate.isListed(createGuest({ system })), false);
});
