import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8 } from "@nova-agent/xenstore";
import type { NetworkFacts } from "../../src/os/backend.ts";
import { planCloudInit } from "../../src/os/cloud-init.ts";

const all = { hasNetwork: true, hasHostname: true };
const NETWORK = "/etc/cloud/cloud.cfg.d/99-nova-agent-network.cfg";
const HOSTNAME = "/etc/cloud/cloud.cfg.d/99-nova-agent-hostname.cfg";
// As Debian's package brings it (cloud-init 22.4, /etc/cloud/cloud.cfg).
const packaged = { "/etc/cloud/cloud.cfg": "users:\n   - default\npreserve_hostname: false\n" };

function factsOf(files: Readonly<Record<string, string>>, evidence = ["/usr/bin/cloud-init"]): NetworkFacts {
  return {
    vifs: [],
    hostname: "debian",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map(Object.entries({ ...packaged, ...files })),
  };
}

/** The files that are written, in order. */
function written(facts: NetworkFacts, claimed = all): string[] {
  return planCloudInit(claimed, facts).map(({ path }) => path);
}

test("cloud-init is told to leave network and host name alone", () => {
  const steps = planCloudInit(all, factsOf({}));
  assert.deepEqual(
    steps.map(({ path, content, mode }) => [path, decodeUtf8(content)?.split("\n").at(-2), mode]),
    [
      [NETWORK, "network: {config: disabled}", 0o644],
      [HOSTNAME, "preserve_hostname: true", 0o644],
    ],
  );
});

test("only what the agent brings about is claimed", () => {
  assert.deepEqual(written(factsOf({}), { hasNetwork: true, hasHostname: false }), [NETWORK]);
  assert.deepEqual(written(factsOf({}), { hasNetwork: false, hasHostname: true }), [HOSTNAME]);
});

test("without cloud-init nothing is written", () => {
  assert.deepEqual(written(factsOf({}, [])), []);
});

test("a cloud-init that is turned off needs no telling", () => {
  assert.deepEqual(written(factsOf({}, ["/usr/bin/cloud-init", "/etc/cloud/cloud-init.disabled"])), []);
  assert.deepEqual(written(factsOf({ "/proc/cmdline": "quiet cloud-init=disabled\n" })), []);
  assert.deepEqual(written(factsOf({ "/proc/cmdline": "quiet network-config=disabled\n" })), [HOSTNAME]);
});

test("once written, the files are left as they are", () => {
  assert.deepEqual(written(factsOf({ [NETWORK]: "# changed\n", [HOSTNAME]: "" })), []);
});

const own = [
  ["network:\n  config: disabled\n", [HOSTNAME]],
  ["network: {version: 2, ethernets: {}}\n", [HOSTNAME]],
  ['{"network": {"config": "disabled"}}\n', [HOSTNAME]],
  ["preserve_hostname: false\n", [NETWORK]],
  ["preserve_hostname: true\n", [NETWORK]],
  ["#network: x\ndatasource:\n  network: y\n", [NETWORK, HOSTNAME]],
] as const;

for (const [text, expected] of own) {
  test(`what a user has said is respected: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(written(factsOf({ "/etc/cloud/cloud.cfg.d/10-own.cfg": text })), expected);
  });
}

test("what a user has changed in the main file is respected, too", () => {
  assert.deepEqual(written(factsOf({ "/etc/cloud/cloud.cfg": "preserve_hostname: true\n" })), [NETWORK]);
});

test("files that cloud-init does not read say nothing", () => {
  const facts = factsOf({ "/etc/cloud/cloud.cfg.d/README": "network: x\n" });
  assert.deepEqual(written(facts), [NETWORK, HOSTNAME]);
});
