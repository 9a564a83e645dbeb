import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkFacts } from "../../src/os/backend.ts";
import { backends, chooseBackend } from "../../src/os/index.ts";

const vifs = [{ name: "eth0", mac: "00:16:3e:00:00:01", index: 0 }];

function factsOf(evidence: readonly string[], files: Readonly<Record<string, string>>): NetworkFacts {
  return {
    vifs,
    hostname: "x",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map(Object.entries(files)),
  };
}

const ifup = "/sbin/ifup";
const netplan = "/usr/sbin/netplan";
const interfaces = "/etc/network/interfaces";
const yaml = "/etc/netplan/50-cloud-init.yaml";
const loopback = "auto lo\niface lo inet loopback\n";
const stanza = "iface eth0 inet dhcp\n";
const sourcing = "source interfaces.d/*\n";
const sourced = "/etc/network/interfaces.d/50-cloud-init";
const state = "/run/network/ifstate";

const choices: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, string])[] = [
  ["only ifupdown is there", [ifup], { [interfaces]: loopback }, "ifupdown"],
  ["only netplan is there, with nothing in it", [netplan], {}, "netplan"],
  [
    "both are there, a stanza names the VIF",
    [ifup, netplan],
    { [interfaces]: stanza, [yaml]: "" },
    "ifupdown",
  ],
  [
    "a sourced stanza names the VIF",
    [ifup, netplan],
    { [interfaces]: sourcing, [sourced]: stanza, [yaml]: "" },
    "ifupdown",
  ],
  [
    "a file that is not sourced names it",
    [ifup, netplan],
    { [interfaces]: "", [sourced]: stanza, [yaml]: "" },
    "netplan",
  ],
  [
    "ifup has brought the VIF up",
    [ifup, netplan],
    { [interfaces]: "", [state]: "lo=lo\neth0=eth0\n", [yaml]: "" },
    "ifupdown",
  ],
  ["netplan alone has a configuration", [ifup, netplan], { [interfaces]: loopback, [yaml]: "" }, "netplan"],
  ["netplan has none, ifupdown a file", [ifup, netplan], { [interfaces]: loopback }, "ifupdown"],
  ["an old stanza is left, ifup is gone", [netplan], { [interfaces]: stanza }, "netplan"],
  ["ifup without its file, as busybox brings it", [ifup, netplan], {}, "netplan"],
];

for (const [what, evidence, files, wanted] of choices) {
  test(`${wanted} keeps the network when ${what}`, () => {
    assert.equal(chooseBackend(factsOf(evidence, files)).name, wanted);
  });
}

test("the ifup of busybox is not ifupdown's", () => {
  const facts = factsOf([netplan], { [interfaces]: stanza });
  const evidence = new Map([...facts.evidence, [ifup, { link: "/bin/busybox" }] as const]);
  assert.equal(chooseBackend({ ...facts, evidence }).name, "netplan");
});

test("a guest without a known network manager is refused, naming what was looked for", () => {
  assert.throws(
    () => chooseBackend(factsOf([], { [interfaces]: stanza, [yaml]: "" })),
    (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "AGENT_UNSUPPORTED");
      for (const { name } of backends) assert.ok(error.message.includes(name), error.message);
      return true;
    },
  );
});
