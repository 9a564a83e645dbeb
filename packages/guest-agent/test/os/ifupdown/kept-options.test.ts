import assert from "node:assert/strict";
import { test } from "node:test";
import { HOST_COMMENT } from "../../../src/network/shell-file.ts";
import { keptOptions } from "../../../src/os/ifupdown/kept-options.ts";
import { networkModels, wantedOf } from "../models.ts";

/** The lines that stay of a stanza with these, where the host wants a network of the table of models. */
function kept(lines: readonly string[], model = "address and gateway", method = "inet static") {
  const network = networkModels[model];
  assert.ok(network);
  const [wanted] = wantedOf(network).interfaces;
  assert.ok(wanted);
  const text = [`iface eth0 ${method}`, ...lines.map((line) => `    ${line}`), ""].join("\n");
  const { lines: found, commands } = keptOptions(text, wanted);
  const family = method.startsWith("inet6") ? 6 : 4;
  return { lines: found.get(family)?.map((line) => line.trim()), commands: commands.get(family) };
}

const stay = [
  "mtu 1400",
  "dns-search example.com",
  "pre-up iptables-restore </etc/iptables.rules",
  'up ethtool -K "$IFACE"  gro off',
  "up ip rule add from 192.0.2.0/24 table 9",
  "up ip -6 rule add from 2001:db8::/32 table 9",
  "up ip route add default via 192.0.2.1 table 9",
  "up ip route add 10.0.0.0/8 dev tun0",
  "post-down ip addr flush dev tun0",
  "up ip link set dev eth0 txqueuelen 5000",
  "up ip link set eth0 mtu 1400",
  "up ip addr show >/run/addresses",
  "up sysctl -w net.ipv6.conf.eth0.accept_ra=0",
];

const go = [
  "address 192.0.2.7",
  "gateway 192.0.2.1",
  "dns-nameservers 192.0.2.53",
  "hwaddress ether 00:16:3e:00:00:09",
  "up ip route add 10.0.0.0/8 via 192.0.2.254",
  "up /sbin/ip -4 r add 10.0.0.0/8 via 192.0.2.254 || true",
  "up ip route replace default via 192.0.2.254 dev $IFACE table main",
  "up test -e /etc/x && ip addr add 192.0.2.8/24 dev eth0",
  "up ip route add default via 198.51.100.1 table 9",
  "up ip a add 192.0.2.8/24 dev eth0",
  "post-up route add -net 10.1.0.0 netmask 255.255.0.0 gw 192.0.2.254 || true",
  "up ifconfig eth0:1 192.0.2.8 netmask 255.255.255.0",
  "up dhclient -6 eth0",
  "up ip link set dev eth0 up",
  "pre-up echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra",
];

for (const line of stay) {
  test(`stays: ${line}`, () => assert.deepEqual(kept(["# of mine", line]).lines, ["# of mine", line]));
}

for (const line of go) {
  test(`goes: ${line}`, () => assert.deepEqual(kept(["# of mine", line, "up true"]).lines, ["up true"]));
}

test("an MTU of the user's goes when the host names one, and the agent's own in any case", () => {
  const lines = ["mtu 1500", "up ip link set dev eth0 mtu 1500"];
  assert.deepEqual(kept(lines, "an MTU").lines, []);
  assert.deepEqual(kept([HOST_COMMENT, "mtu 1400"]).lines, []);
});

test("where the host wants IPv6, nothing of the user's listens to routers", () => {
  const lines = ["up sysctl -w net.ipv6.conf.eth0.accept_ra=2", "autoconf 1", "up true"];
  assert.deepEqual(kept(lines, "IPv6 only", "inet6 static").lines, ["up true"]);
});

test("only commands can do without a stanza of their family", () => {
  assert.deepEqual(kept(["dns-search example.com", "up true"], "IPv6 only").commands, ["    up true"]);
});

test("an option that several stanzas have stands once", () => {
  const network = networkModels["one address"];
  assert.ok(network);
  const [wanted] = wantedOf(network).interfaces;
  assert.ok(wanted);
  const stanza = "iface eth0 inet static\n    dns-search example.com\n";
  assert.deepEqual(keptOptions(stanza + stanza, wanted).lines.get(4), ["    dns-search example.com"]);
});
