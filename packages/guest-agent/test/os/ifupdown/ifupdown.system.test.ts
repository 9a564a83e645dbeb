import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { privateRoot, runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { HOST_COMMENT } from "../../../src/network/shell-file.ts";
import { type GoldenNetwork, readGoldenCases, readGoldenNetwork } from "../golden-case.ts";
import type { ResetOutcome, WantedReset } from "./guest-program.ts";
import { canonical, networks, resetGuestOf, stateOf, twoGateways } from "./guest.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 60_000;

/** Resets the network of one guest with Debian's ifupdown, once for every entry. */
function resetGuest(context: TestContext, resets: readonly WantedReset[]): Promise<ResetOutcome[]> {
  return resetGuestOf("ifupdown", context, resets);
}

systemTest(
  "ifup brings the canonical network up, another one, and the first one again",
  { needs, timeoutMs },
  async (context) => {
    const [first, again, other, back] = await resetGuest(
      context,
      ["canonical", "canonical", "two-gateways", "canonical"].map(readGoldenNetwork),
    );
    assert.ok(first && again && other && back);
    assert.deepEqual(stateOf(first), canonical);
    assert.equal(first.resolvConf, `${HOST_COMMENT}\nnameserver 203.0.113.53\nnameserver 203.0.113.54\n`);
    assert.equal(again.steps, 0);
    assert.deepEqual(stateOf(again), canonical);
    assert.deepEqual(stateOf(other), twoGateways);
    assert.deepEqual(stateOf(back), canonical);
    assert.equal(back.interfaces, first.interfaces);
  },
);

systemTest(
  "an interface that was detached and is attached again is brought up anew",
  { needs, timeoutMs },
  async (context) => {
    const both = readGoldenNetwork("canonical");
    const first = Object.fromEntries(
      Object.entries(both.networking).filter(([key]) => key.toLowerCase().startsWith("bc764e")),
    );
    assert.equal(Object.keys(first).length, 1);
    const detached = { networking: first, isDetached: true };
    const [, without, again] = await resetGuest(context, [both, detached, both]);
    assert.ok(without && again);
    assert.deepEqual(without.links, ["eth0 mtu 1500"]);
    assert.doesNotMatch(without.interfaces, /eth1/);
    assert.equal(again.error, undefined);
    assert.deepEqual(stateOf(again), canonical);
  },
);

systemTest(
  "a reset that was killed after any of its steps is completed by the next one",
  { needs, timeoutMs },
  async (context) => {
    const [wanted, other] = [readGoldenNetwork("canonical"), readGoldenNetwork("two-gateways")];
    const [, whole] = await resetGuest(context, [other, wanted]);
    assert.ok(whole && whole.steps > 5);
    const cuts = Array.from({ length: whole.steps }, (_, killedAfter) => killedAfter);
    const resets = cuts.flatMap((killedAfter) => [other, { ...wanted, killedAfter }, wanted, wanted]);
    const outcomes = await resetGuest(context, resets);
    for (const killedAfter of cuts) {
      const [, , completed, again] = outcomes.slice(4 * killedAfter, 4 * killedAfter + 4);
      assert.ok(completed && again);
      assert.deepEqual(stateOf(completed), canonical, `killed after ${killedAfter} steps`);
      assert.equal(completed.interfaces, whole.interfaces);
      assert.equal(completed.resolvConf, whole.resolvConf);
      assert.equal(again.steps, 0);
    }
  },
);

for (const [name, wanted] of Object.entries(networks)) {
  systemTest(`ifup brings the network ${name} up`, { needs, timeoutMs }, async (context) => {
    const [outcome] = await resetGuest(context, [readGoldenNetwork(name)]);
    assert.ok(outcome);
    assert.equal(outcome.error, undefined);
    assert.deepEqual(stateOf(outcome), wanted);
  });
}

/** A network of both families whose IPv4 gateway is outside its subnet. */
function bothFamilies(label: string, mac: string, host: number): object {
  return {
    label,
    mac,
    ips: [{ ip: `203.0.113.${host}`, netmask: "255.255.255.255" }],
    gateway: "198.51.100.1",
    ip6s: [{ ip: `2001:db8:0:${host}::10`, netmask: 64 }],
    gateway_v6: "fe80::1",
  };
}

systemTest(
  "default routes that do not count have a worse metric, in both families",
  { needs, timeoutMs },
  async (context) => {
    const networking = {
      x: bothFamilies("storage", "bc:76:4e:20:6c:5b", 1),
      y: bothFamilies("public", "40:40:97:83:78:2e", 2),
    };
    const [first, again, other] = await resetGuest(context, [
      { networking },
      { networking },
      readGoldenNetwork("no-gateway"),
    ]);
    assert.ok(first && again && other);
    assert.equal(first.error, undefined);
    assert.deepEqual(first.routes, [
      "default via 198.51.100.1 dev eth0 metric 2049 onlink",
      "default via 198.51.100.1 dev eth1 onlink",
      "default via fe80::1 dev eth0 metric 2049 onlink",
      "default via fe80::1 dev eth1 onlink",
    ]);
    assert.equal(again.steps, 0);
    assert.deepEqual(other.routes, [
      "default via 198.51.100.1 dev eth1 onlink",
      "default via fe80::1 dev eth1 onlink",
    ]);
  },
);

/** The canonical network with other addresses on its second interface. */
function otherNetwork(address: string): GoldenNetwork {
  const { networking, ...rest } = readGoldenNetwork("canonical");
  const eth1 = networking["40409783782e"] as object;
  const ips = [{ ip: address, netmask: "255.255.255.0" }];
  return {
    ...rest,
    hostname: "web02",
    networking: { ...networking, "40409783782e": { ...eth1, ips, routes: [] } },
  };
}

systemTest(
  "a network that ifup refuses is taken back and the old one is up again",
  { needs, timeoutMs },
  async (context) => {
    const refusedAddress = "10.9.9.9";
    const [first, failed] = await resetGuest(context, [
      readGoldenNetwork("canonical"),
      { ...otherNetwork(refusedAddress), refusedAddress },
    ]);
    assert.ok(first && failed);
    assert.match(failed.error ?? "", /Error starting network: eth1/);
    assert.deepEqual(stateOf(failed), canonical);
    assert.equal(failed.interfaces, first.interfaces);
  },
);

systemTest(
  "a first network that ifup refuses leaves the guest as it was",
  { needs, timeoutMs },
  async (context) => {
    const refusedAddress = "10.9.9.9";
    const [failed] = await resetGuest(context, [{ ...otherNetwork(refusedAddress), refusedAddress }]);
    assert.ok(failed);
    assert.match(failed.error ?? "", /Error starting network: eth1/);
    assert.deepEqual(stateOf(failed), {
      addresses: [],
      routes: [],
      links: [],
      up: ["lo=lo"],
      hostname: "guest",
    });
    assert.equal(
      failed.interfaces,
      "source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n",
    );
  },
);

systemTest("ifquery reads every golden file with all its addresses", { needs: ["apt"] }, async (context) => {
  const root = await privateRoot(["ifupdown"]);
  const file = join(await temporaryDirectory(context), "interfaces");
  for (const { name, network, after } of readGoldenCases("ifupdown")) {
    await writeFile(file, after.get("/etc/network/interfaces") ?? "");
    for (const vif of network.vifs) {
      const argv = [join(root, "sbin/ifquery"), "-i", file, vif.name] as const;
      const output = await runChecked({ argv, timeoutMs });
      const addresses = [...output.matchAll(/^address: (.*)$/gm)].map(([, address]) => address);
      assert.deepEqual(addresses, addressesIn(after, vif.name), name);
    }
  }
});

/** The addresses that a golden file gives an interface, in order, as ifquery spells them. */
function addressesIn(files: ReadonlyMap<string, string>, name: string): string[] {
  const stanzas = (files.get("/etc/network/interfaces") ?? "").split(/^iface /m);
  return stanzas
    .filter((stanza) => stanza.startsWith(`${name} `))
    .flatMap((stanza) =>
      [...stanza.matchAll(/^\s+address (.*)\/\d+$/gm)].map(([, address]) => address ?? ""),
    );
}
