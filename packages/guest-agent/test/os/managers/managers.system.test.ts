import assert from "node:assert/strict";
import { describe } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { GUESTS_AT_ONCE, MANAGED_TIMEOUT_MS, resetManagedGuest } from "./managed-guest.ts";

const vifs = [1, 2, 3].map((number) => ({
  name: `eth${number - 1}`,
  mac: `00:16:3e:00:00:0${number}`,
  index: number - 1,
}));

const eth0 = { mac: "00:16:3e:00:00:01", ips: [{ ip: "192.0.2.10", netmask: "255.255.255.0" }] };
const eth1 = { mac: "00:16:3e:00:00:02", ips: [{ ip: "10.0.0.10", netmask: "255.0.0.0" }] };
const otherEth1 = { ...eth1, ips: [{ ip: "10.0.0.11", netmask: "255.0.0.0" }] };
const failedEth1 = { ...eth1, ips: [{ ip: "10.0.0.12", netmask: "255.0.0.0" }] };
const routed = { ...eth0, ip6s: [{ ip: "2001:db8:1::10", netmask: 64 }], gateway: "192.0.2.1" };
const needs = ["root", "namespaces", "apt", "ip"] as const;
const timeoutMs = MANAGED_TIMEOUT_MS;

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

describe("managers", { concurrency: GUESTS_AT_ONCE }, () => {
  systemTest(
    "NetworkManager brings only the links up that change, and one that somebody else has changed",
    { needs, timeoutMs },
    async (context) => {
      const outcomes = await resetManagedGuest(context, {
        manager: "network-manager",
        vifs,
        resets: [
          { networking: { eth0, eth1 } },
          { networking: { eth0, eth1 } },
          { networking: { eth0, eth1: otherEth1 } },
          { networking: { eth0, eth1: otherEth1 }, programs: [["ip", "address", "flush", "dev", "eth0"]] },
        ],
      });
      const [first, same, other, repaired] = outcomes;
      assert.ok(first && same && other && repaired);
      assert.equal(same.steps, 0);
      assert.deepEqual(same.activations, first.activations);
      assert.equal(other.activations["eth0"], first.activations["eth0"]);
      assert.deepEqual(other.interfaces["eth1"]?.addresses, ["10.0.0.11/8"]);
      assert.deepEqual(repaired.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.equal(repaired.activations["eth1"], other.activations["eth1"]);
    },
  );

  systemTest(
    "NetworkManager keeps a user's profile of the link and prefers it to one of all links",
    { needs, timeoutMs },
    async (context) => {
      const directory = "/etc/NetworkManager/system-connections";
      const uuid = "0b5a0e57-3f3c-4f2e-9f0c-1d2f3a4b5c6d";
      const office = `[connection]\nid=office\nuuid=${uuid}\ntype=ethernet\ninterface-name=eth0\nzone=internal\n\n[ipv4]\nmethod=manual\naddress1=192.0.2.99/24\n`;
      const any =
        "[connection]\nid=any\nuuid=11111111-2222-3333-4444-555555555555\ntype=ethernet\nautoconnect-priority=5\n\n[ipv4]\nmethod=manual\naddress1=192.0.2.98/24\n";
      const [outcome, restarted] = await resetManagedGuest(context, {
        manager: "network-manager",
        vifs,
        resets: [
          {
            networking: { eth0 },
            files: { [`${directory}/office.nmconnection`]: office, [`${directory}/any.nmconnection`]: any },
            programs: [
              ["nmcli", "connection", "reload"],
              ["nmcli", "--wait", "5", "connection", "up", "any"],
            ],
          },
          // Left to itself, NetworkManager takes the profile with the highest priority.
          {
            networking: {},
            programs: [
              ["nmcli", "device", "disconnect", "eth0"],
              ["nmcli", "device", "connect", "eth0"],
            ],
          },
        ],
      });
      assert.ok(outcome && restarted);
      assert.equal(outcome.error, undefined);
      assert.deepEqual(outcome.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.deepEqual(restarted.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
    },
  );

  systemTest(
    "networkd takes the agent's unit before a user's that comes earlier, and a lost address is given back",
    { needs, timeoutMs },
    async (context) => {
      const user = "[Match]\nName=eth*\n\n[Network]\nAddress=192.0.2.99/24\nDomains=example.com\n";
      const [outcome, repaired] = await resetManagedGuest(context, {
        manager: "networkd",
        vifs,
        resets: [
          {
            networking: { eth0 },
            files: { "/etc/systemd/network/10-eth.network": user },
            programs: [["networkctl", "reload"]],
          },
          { networking: { eth0 }, programs: [["ip", "address", "flush", "dev", "eth0"]] },
        ],
      });
      assert.ok(outcome && repaired);
      assert.equal(outcome.error, undefined);
      assert.deepEqual(outcome.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.deepEqual(repaired.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.equal(repaired.stepsAgain, 0);
    },
  );

  systemTest(
    "networkd brings a link up again that it has given up, and gives it the old network back",
    { needs, timeoutMs },
    async (context) => {
      const [own, user] = ["10-nova-agent-eth0.network", "90-user.network"];
      // The kernel refuses a group's address, and the loopback's on another device.
      const broken = "[Match]\nName=eth0\n\n[Network]\nAddress=ff02::5/64\n";
      const loopback = { ...eth0, ip6s: [{ ip: "::1", netmask: 128 }] };
      const isGivenUp = "until grep -q ADMIN_STATE=failed /run/systemd/netif/links/*; do sleep 0.1; done";
      const [first, repaired, refused] = await resetManagedGuest(context, {
        manager: "networkd",
        vifs,
        resets: [
          { networking: { eth0 } },
          {
            networking: { eth0 },
            files: { [`/etc/systemd/network/${own}`]: null, [`/etc/systemd/network/${user}`]: broken },
            programs: [
              ["networkctl", "reload"],
              ["timeout", "20", "sh", "-c", isGivenUp],
            ],
          },
          { networking: { eth0: loopback } },
        ],
      });
      assert.ok(first && repaired && refused);
      assert.equal(repaired.error, undefined);
      assert.deepEqual(repaired.interfaces, first.interfaces);
      assert.match(refused.error ?? "", /eth0 lacks ::1/);
      assert.deepEqual(refused.interfaces, first.interfaces);
    },
  );

  systemTest(
    "networkd reaches an IPv6 gateway outside every subnet that it has forgotten and is told of again",
    { needs, timeoutMs },
    async (context) => {
      const gateway = "2001:db8:9::1";
      const resets = [gateway, gateway, null, gateway].map((gateway_v6, index) => ({
        networking: {
          eth0: { mac: eth0.mac, ip6s: [{ ip: `2001:db8:5::${index + 1}`, netmask: 64 }], gateway_v6 },
        },
      }));
      const outcomes = await resetManagedGuest(context, { manager: "networkd", vifs, resets });
      for (const { error } of outcomes) assert.equal(error, undefined);
      assert.deepEqual(outcomes[3]?.interfaces["eth0"]?.routes, [`default via ${gateway}`]);
    },
  );

  systemTest(
    "netplan takes a removed address away and gives a lost one back",
    { needs, timeoutMs },
    async (context) => {
      const outcomes = await resetManagedGuest(context, {
        manager: "netplan",
        vifs,
        resets: [
          { networking: { eth0: { ...eth0, ips: [...eth0.ips, ...eth1.ips] }, eth1: otherEth1 } },
          { networking: { eth0, eth1: otherEth1 } },
          { networking: { eth0, eth1: otherEth1 }, programs: [["ip", "address", "flush", "dev", "eth0"]] },
        ],
      });
      const [both, one, repaired] = outcomes;
      assert.ok(both && one && repaired);
      assert.deepEqual(both.interfaces["eth0"]?.addresses, ["10.0.0.10/8", "192.0.2.10/24"]);
      assert.deepEqual(one.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.ok(repaired.steps > 0);
      assert.deepEqual(repaired.interfaces, one.interfaces);
      for (const { error, stepsAgain } of outcomes) assert.deepEqual([error, stepsAgain], [undefined, 0]);
    },
  );

  systemTest(
    "networkd is restarted where it has no bus to be called on",
    { needs, timeoutMs },
    async (context) => {
      const resets = [{ networking: { eth0, eth1 } }, { networking: { eth0, eth1: otherEth1 } }];
      const outcomes = await resetManagedGuest(context, { manager: "networkd-alone", vifs, resets });
      const last = outcomes[1];
      assert.equal(last?.error, undefined);
      assert.deepEqual(last?.interfaces["eth0"]?.addresses, ["192.0.2.10/24"]);
      assert.deepEqual(last.interfaces["eth1"]?.addresses, ["10.0.0.11/8"]);
      assert.equal(last.stepsAgain, 0);
    },
  );

  for (const manager of ["network-manager", "networkd"] as const) {
    systemTest(
      `a reset by ${manager} that was killed after any of its steps is completed by the next one`,
      { needs, timeoutMs },
      async (context) => {
        const [old, wanted] = [
          { eth0, eth1 },
          { eth0, eth1: otherEth1 },
        ];
        const [, whole] = await resetManagedGuest(context, {
          manager,
          vifs,
          resets: [{ networking: old }, { networking: wanted }],
        });
        assert.ok(whole && whole.steps > 3);
        const cuts = Array.from({ length: whole.steps }, (_, killedAfter) => killedAfter);
        const resets = cuts.flatMap((killedAfter) => [
          { networking: old },
          { networking: wanted, killedAfter },
          { networking: wanted },
        ]);
        const outcomes = await resetManagedGuest(context, { manager, vifs, resets });
        for (const killedAfter of cuts) {
          const completed = outcomes[3 * killedAfter + 2];
          assert.deepEqual(completed?.interfaces, whole.interfaces, `killed after ${killedAfter} steps`);
          assert.equal(completed?.stepsAgain, 0);
        }
      },
    );
  }

  systemTest(
    "a network that NetworkManager refuses is taken back and the old one is up again",
    { needs, timeoutMs },
    async (context) => {
      const path = "/etc/NetworkManager/system-connections/office.nmconnection";
      const uuid = "0b5a0e57-3f3c-4f2e-9f0c-1d2f3a4b5c6d";
      const office = `[connection]\nid=office\nuuid=${uuid}\ntype=ethernet\ninterface-name=eth1\n`;
      const otherEth0 = { ...eth0, ips: [{ ip: "192.0.2.77", netmask: "255.255.255.0" }] };
      const [first, failed] = await resetManagedGuest(context, {
        manager: "network-manager",
        vifs,
        resets: [
          { networking: { eth0 } },
          {
            networking: { eth0: otherEth0, eth1 },
            files: { [path]: office },
            // NetworkManager reads no profile that others than root may read.
            programs: [["chmod", "644", path]],
          },
        ],
      });
      assert.ok(first && failed);
      assert.match(failed.error ?? "", /Error starting network: eth1/);
      assert.deepEqual(failed.interfaces, first.interfaces);
    },
  );

  systemTest(
    "netplan with networkd leaves a link untouched when another one changes, and when that is taken back",
    { needs, timeoutMs },
    async (context) => {
      const outcomes = await resetManagedGuest(context, {
        manager: "netplan",
        vifs,
        resets: [
          { networking: { eth0: routed, eth1 } },
          { networking: { eth0: routed, eth1: otherEth1 }, programs: [monitor] },
          { networking: { eth0: routed, eth1: failedEth1 }, programs: [failOnce] },
          { networking: { eth0: routed, eth1 } },
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
});
