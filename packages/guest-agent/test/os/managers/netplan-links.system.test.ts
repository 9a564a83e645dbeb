import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { MANAGED_TIMEOUT_MS, resetManagedGuest } from "./managed-guest.ts";

const needs = ["root", "namespaces", "apt", "ip"] as const;
const timeoutMs = MANAGED_TIMEOUT_MS;

const vifs = [1, 2, 3].map((number) => ({
  name: `eth${number - 1}`,
  mac: `00:16:3e:00:00:0${number}`,
  index: number - 1,
}));

const eth0 = {
  mac: "00:16:3e:00:00:01",
  ips: [{ ip: "192.0.2.10", netmask: "255.255.255.0" }],
  ip6s: [{ ip: "2001:db8:1::10", netmask: 64 }],
  gateway: "192.0.2.1",
};
const eth1 = { mac: "00:16:3e:00:00:02", ips: [{ ip: "10.0.0.10", netmask: "255.0.0.0" }] };
const otherEth1 = { ...eth1, ips: [{ ip: "10.0.0.11", netmask: "255.0.0.0" }] };
const failedEth1 = { ...eth1, ips: [{ ip: "10.0.0.12", netmask: "255.0.0.0" }] };

/** Lets networkctl(1) do what it is asked next, and then fail. */
const failOnce = [
  "sh",
  "-c",
  "path=$(command -v networkctl) && mv $path $path.real && printf '#!/bin/sh\nmv %s.real %s; %s \"$@\"; exit 1\n' $path $path $path >$path && chmod 755 $path",
];

/** Tells what happens to addresses, routes and links from here on. */
const monitor = [
  "sh",
  "-c",
  "ip -o monitor address route link >/run/monitor.log 2>&1 </dev/null & until ip link set lo up mtu 65535 && ip link set lo mtu 65536 && grep -q lo: /run/monitor.log; do sleep 0.1; done",
];

function about(name: string, lines: readonly string[]): string[] {
  return lines.filter((line) => new RegExp(`\\b${name}\\b`).test(line));
}

systemTest(
  "netplan with networkd leaves a link untouched when another one changes, and when that is taken back",
  { needs, timeoutMs },
  async (context) => {
    const outcomes = await resetManagedGuest(context, {
      manager: "netplan",
      vifs,
      resets: [
        { networking: { eth0, eth1 } },
        { networking: { eth0, eth1: otherEth1 }, programs: [monitor] },
        { networking: { eth0, eth1: failedEth1 }, programs: [failOnce] },
        { networking: { eth0, eth1 } },
      ],
    });
    const [first, other, refused, last] = outcomes;
    assert.ok(first && other && refused && last);
    assert.equal(other.error, undefined);
    assert.deepEqual(other.interfaces["eth1"]?.addresses, ["10.0.0.11/8"]);
    assert.match(refused.error ?? "", /Error restarting network/);
    assert.doesNotMatch(refused.error ?? "", /when taking back/);
    assert.deepEqual(refused.interfaces, other.interfaces);
    assert.equal(last.error, undefined);
    assert.deepEqual(last.interfaces, first.interfaces);
    assert.notDeepEqual(about("eth1", last.monitored), []);
    assert.deepEqual(about("eth0", last.monitored), []);
  },
);
