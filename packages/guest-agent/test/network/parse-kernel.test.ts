import assert from "node:assert/strict";
import { test } from "node:test";
import { prefixText } from "../../src/network/address.ts";
import type { KernelAddress, KernelRoute } from "../../src/network/kernel-network.ts";
import { parseReachable } from "../../src/network/gateway.ts";
import { parseAddressShow, parseIpv4Routes, parseIpv6Routes } from "../../src/network/parse-kernel.ts";

// Printed by the tools themselves on one machine, at one moment.
const iproute2 = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: host0@eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default qlen 1000
    link/ether e6:9f:78:b8:5f:2e brd ff:ff:ff:ff:ff:ff
3: eth0@host0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default qlen 1000
    link/ether 46:2c:e3:7e:a0:33 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet 10.1.0.1 peer 10.1.0.2/32 scope global eth0
       valid_lft forever preferred_lft forever
    inet 203.0.113.5/32 scope global dynamic eth0
       valid_lft 3600sec preferred_lft 1800sec
    inet 192.0.2.11/24 scope global secondary eth0
       valid_lft forever preferred_lft forever
    inet6 2001:db8::7/64 scope global dadfailed tentative 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::99/64 scope global tentative dynamic 
       valid_lft 3600sec preferred_lft 1800sec
    inet6 2001:db8::10/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::442c:e3ff:fe7e:a033/64 scope link tentative 
       valid_lft forever preferred_lft forever
`;

const busybox = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: host0@eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue qlen 1000
    link/ether e6:9f:78:b8:5f:2e brd ff:ff:ff:ff:ff:ff
3: eth0@host0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue qlen 1000
    link/ether 46:2c:e3:7e:a0:33 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet 10.1.0.1 peer 10.1.0.2/32 scope global eth0
       valid_lft forever preferred_lft forever
    inet 203.0.113.5/32 scope global dynamic eth0
       valid_lft 3600sec preferred_lft 1800sec
    inet 192.0.2.11/24 scope global secondary eth0
       valid_lft forever preferred_lft forever
    inet6 2001:db8::7/64 scope global tentative dadfailed 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::99/64 scope global tentative dynamic 
       valid_lft 3600sec preferred_lft 1800sec
    inet6 2001:db8::10/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::442c:e3ff:fe7e:a033/64 scope link tentative 
       valid_lft forever preferred_lft forever
`;

for (const [tool, text] of Object.entries({ iproute2, busybox })) {
  test(`links and their addresses are read as ${tool} prints them, those of narrower scope apart`, () => {
    const links = [...parseAddressShow(text).values()].map(({ addresses, localAddresses = [], ...link }) => ({
      ...link,
      addresses: addresses.map(spellAddress),
      localAddresses: localAddresses.map(spellAddress),
    }));
    assert.deepEqual(links, [
      {
        name: "lo",
        isUp: true,
        mtuBytes: 65536,
        addresses: [],
        localAddresses: ["127.0.0.1/8", "::1/128"],
      },
      { name: "host0", isUp: false, mtuBytes: 1500, addresses: [], localAddresses: [] },
      {
        name: "eth0",
        isUp: true,
        mtuBytes: 1400,
        addresses: [
          "192.0.2.10/24",
          "10.1.0.1/32",
          "203.0.113.5/32 dynamic",
          "192.0.2.11/24",
          "2001:db8::99/64 dynamic tentative",
          "2001:db8::10/64",
        ],
        localAddresses: ["fe80::442c:e3ff:fe7e:a033/64 tentative"],
      },
    ]);
  });
}

function spellAddress(each: KernelAddress): string {
  return prefixText(each) + (each.isDynamic ? " dynamic" : "") + (each.isTentative ? " tentative" : "");
}

test("what is no output of ip has no links", () => {
  for (const text of ["", "\n", "ip: command not found\n", "eth0 Link encap:Ethernet"]) {
    assert.equal(parseAddressShow(text).size, 0);
  }
});

test("IPv4 routes are read from procfs, without those that refuse", () => {
  const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0200010A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
*\t0000630A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t0000B00A\t020200C0\t0003\t0\t0\t5\t0000F0FF\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth1\t016433C6\t070200C0\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;
  assert.deepEqual(parseIpv4Routes(text).map(spell), [
    "0.0.0.0/0 via 192.0.2.1 dev eth0 metric 0",
    "10.1.0.2/32 dev eth0 metric 0",
    "10.176.0.0/12 via 192.0.2.2 dev eth0 metric 5",
    "192.0.2.0/24 dev eth0 metric 0",
    "198.51.100.1/32 via 192.0.2.7 dev eth1 metric 0",
  ]);
});

test("IPv6 routes are read from procfs, and announced ones are known", () => {
  const none = "00000000000000000000000000000000";
  const text = `20010db8000000000000000000000000 40 ${none} 00 ${none} 00000100 00000003 00000000 00000001     eth0
20010db8000500000000000000000000 30 ${none} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003     eth0
20010db8009900000000000000000000 30 ${none} 00 ${none} 00000400 00000001 00000000 00200200       lo
${none} 00 ${none} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0
${none} 00 ${none} 00 ${none} ffffffff 00000001 00000000 00200200       lo
`;
  assert.deepEqual(parseIpv6Routes(text).map(spell), [
    "2001:db8::/64 dev eth0 metric 256",
    "2001:db8:5::/48 via 2001:db8::1 dev eth0 metric 1024",
    "::/0 via fe80::1 dev eth0 metric 1024 announced",
  ]);
});

function spell({ destination, gateway, linkName, isAnnounced, metric }: KernelRoute) {
  const via = gateway === undefined ? "" : ` via ${gateway.text}`;
  return `${prefixText(destination)}${via} dev ${linkName} metric ${metric}${isAnnounced ? " announced" : ""}`;
}

test("the neighbours that are there are read as both tools print them", () => {
  const text = `192.0.2.99 dev eth0 INCOMPLETE 
192.0.2.1 dev eth0 lladdr 00:16:3e:00:00:01 REACHABLE
192.0.2.2 dev eth0 lladdr 00:16:3e:00:00:02 STALE
192.0.2.3 dev eth1 lladdr 00:16:3e:00:00:03 ref 1 used 0/0/0 probes 1 REACHABLE
192.0.2.4 dev eth0 lladdr 00:16:3e:00:00:04 PERMANENT
192.0.2.5 dev eth0  ref 1 used 0/0/0 probes 6 FAILED
fe80::1 dev eth0 lladdr 00:16:3e:00:00:01 router REACHABLE
`;
  assert.deepEqual(
    parseReachable(text).map(({ linkName, address }) => `${linkName} ${address.text}`),
    ["eth0 192.0.2.1", "eth1 192.0.2.3", "eth0 fe80::1"],
  );
});
