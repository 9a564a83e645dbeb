import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { actInGuest } from "./safe-apply-guest.ts";
import type { Action } from "./safe-apply-program.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 240_000;

/** A bridge has the VIF, and the address and the default route in its place. */
const buildBridge = [
  "ip link add br0 type bridge",
  "ip link set eth0 up master br0",
  "ip link set br0 up",
  "ip address add 192.0.2.5/24 dev br0",
  "ip route add default via 192.0.2.1 dev br0",
  // The guest's sysfs is a copy.
  "ln -s ../br0 /sys/class/net/eth0/master",
  "mkdir -p /sys/class/net/br0/bridge",
].join("; ");

/** Fails unless the gateway answers by the bridge, and the port has no address. */
const check = [
  "ping -c 1 -W 3 -I br0 192.0.2.1 >/dev/null",
  'test -z "$(ip -4 address show dev eth0 | grep inet)"',
  "test \"$(ip route show default | head -n 1)\" = 'default via 192.0.2.1 dev br0 '",
].join("; ");

const publicLink = {
  label: "public",
  mac: "bc:76:4e:20:6c:5b",
  ips: [{ ip: "192.0.2.10", netmask: "255.255.255.0" }],
  gateway: "192.0.2.1",
};
const privateLink = {
  label: "private",
  mac: "40:40:97:83:78:2e",
  ips: [{ ip: "10.0.0.5", netmask: "255.255.255.0" }],
  gateway: "10.0.0.1",
};

function reset(networking: Readonly<Record<string, unknown>>): Action {
  return { kind: "reset", hostname: "web-1", networking };
}

systemTest(
  "a VIF that is a port of a bridge is left alone, and the bridge keeps its default route",
  { needs, timeoutMs },
  async (context) => {
    const states = await actInGuest(context, [
      { kind: "shell", script: buildBridge },
      reset({ publicLink }),
      { kind: "shell", script: check },
      reset({ publicLink, privateLink }),
      { kind: "shell", script: `${check}; ip -4 address show dev eth1 | grep -q 10.0.0.5/24` },
    ]);
    assert.deepEqual(
      states.map(({ failure }) => failure),
      states.map(() => undefined),
    );
    const [, alone, , both] = states;
    assert.doesNotMatch(alone?.interfaces ?? "", /eth0/);
    assert.match(both?.interfaces ?? "", /^iface eth1 inet static$/m);
    assert.doesNotMatch(both?.interfaces ?? "", /eth0/);
  },
);
