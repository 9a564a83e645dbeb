import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type KeptEntry,
  missingEntries,
  parseAddressEntries,
  parseRouteEntries,
  putBackArgv,
  withoutOnLink,
} from "../../src/network/kept-network.ts";

// Printed by the tools themselves on one machine, at one moment.
const addressShow = `2: host0@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether e6:9f:78:b8:5f:2e brd ff:ff:ff:ff:ff:ff
    inet 198.51.100.1/24 scope global host0
       valid_lft forever preferred_lft forever
3: eth0@host0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 16:85:b1:02:4a:17 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.5/24 brd 192.0.2.255 scope global dynamic eth0
       valid_lft 3600sec preferred_lft 1800sec
    inet 10.1.0.1 peer 10.1.0.2/32 scope global eth0
       valid_lft forever preferred_lft forever
    inet 192.0.2.9/24 scope global secondary noprefixroute eth0:1
       valid_lft forever preferred_lft forever
    inet6 2001:db8::6/64 scope global tentative dynamic noprefixroute 
       valid_lft 3600sec preferred_lft 1800sec
    inet6 2001:db8::5/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::77/64 scope global temporary dynamic 
       valid_lft 3600sec preferred_lft 1800sec
    inet6 2001:db8::88/64 scope global dadfailed tentative 
       valid_lft forever preferred_lft forever
    inet6 fe80::1485:b1ff:fe02:4a17/64 scope link proto kernel_ll 
       valid_lft forever preferred_lft forever
`;

const routeShow4 = `default via 192.0.2.1 dev eth0 proto dhcp metric 100 
10.1.0.2 dev eth0 proto kernel scope link src 10.1.0.1 
10.5.0.0/16 proto static 
	nexthop via 192.0.2.2 dev eth0 weight 1 
	nexthop via 192.0.2.3 dev host0 weight 2 
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.5 linkdown 
198.51.100.0/24 dev host0 proto kernel scope link src 198.51.100.1 
203.0.113.0/24 nhid 7 via 100.64.0.1 dev eth0 onlink 
`;

const routeShow6 = `2001:db8::/64 dev eth0 proto kernel metric 256 pref medium
multicast ff00::/8 dev eth0  metric 256 
default via fe80::9 dev eth0  metric 1024  expires 0sec
default via fe80::1 dev eth0 proto ra metric 1024 expires 1799sec pref medium
`;

const names = new Set(["eth0"]);

function spell(entries: readonly KeptEntry[]): string[] {
  return entries.map(({ words }) => words.join(" "));
}

function address(text: string): KeptEntry {
  const family = text.includes(":") ? 6 : 4;
  return { object: "address", family, words: [...text.split(" "), "dev", "eth0"] };
}

function route(text: string): KeptEntry {
  return { object: "route", family: text.includes(":") ? 6 : 4, words: text.split(" ") };
}

test("addresses are kept as ip takes them, but for those that come and go by themselves", () => {
  assert.deepEqual(spell(parseAddressEntries(addressShow, names)), [
    "192.0.2.5/24 brd 192.0.2.255 scope global valid_lft 3600 preferred_lft 1800 dev eth0",
    "10.1.0.1 peer 10.1.0.2/32 scope global dev eth0",
    "192.0.2.9/24 scope global noprefixroute dev eth0",
    "2001:db8::6/64 scope global noprefixroute valid_lft 3600 preferred_lft 1800 dev eth0",
    "2001:db8::5/64 scope global nodad dev eth0",
    "fe80::1485:b1ff:fe02:4a17/64 scope link dev eth0",
  ]);
});

test("routes are kept as ip takes them, also those over several links", () => {
  assert.deepEqual(spell(parseRouteEntries(routeShow4, { family: 4, names })), [
    "default via 192.0.2.1 dev eth0 proto dhcp metric 100",
    "10.1.0.2 dev eth0 proto kernel scope link src 10.1.0.1",
    "10.5.0.0/16 proto static nexthop via 192.0.2.2 dev eth0 weight 1 nexthop via 192.0.2.3 dev host0 weight 2",
    "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.5",
    "203.0.113.0/24 via 100.64.0.1 dev eth0 onlink",
  ]);
  assert.deepEqual(spell(parseRouteEntries(routeShow6, { family: 6, names })), [
    "2001:db8::/64 dev eth0 proto kernel metric 256 pref medium",
    "default via fe80::1 dev eth0 proto ra metric 1024 expires 1799 pref medium",
  ]);
});

test("what is there again is not missing, whatever else is told of it", () => {
  const kept = [
    address("192.0.2.5/24 brd 192.0.2.255"),
    route("default via 192.0.2.1 dev eth0 onlink"),
    route("default via fe80::1 dev eth0 metric 1024 expires 1700"),
  ];
  const now = [
    address("192.0.2.5/24"),
    route("default via 192.0.2.1 dev eth0"),
    route("default via fe80::1 dev eth0 metric 1024 expires 1800"),
  ];
  assert.deepEqual(missingEntries(kept, now), []);
});

test("addresses are put back before the routes that need them, and default routes before others", () => {
  const kept = [
    route("10.0.0.0/8 via 192.0.2.2 dev eth0"),
    route("default via 192.0.2.1 dev eth0"),
    route("100.64.0.1 dev eth0 scope link"),
    address("192.0.2.5/24"),
  ];
  assert.deepEqual(missingEntries(kept, []), kept.toReversed());
});

test("what says onlink is put back before routes to its gateway, with which another link's is refused", () => {
  const kept = [
    route("2001:db8:9::1 dev eth0 metric 1024"),
    route("default via 2001:db8:9::1 dev eth1 metric 2049 onlink"),
    address("2001:db8::5/64"),
  ];
  assert.deepEqual(missingEntries(kept, []), kept.toReversed());
});

const lease = address("192.0.2.5/24 valid_lft 3600 preferred_lft 1800");
const leasedRoute = route("default via 192.0.2.1 dev eth0");

test("what DHCP has brought anew takes the place of what it had brought", () => {
  const now = [
    address("192.0.2.6/24 valid_lft 3600 preferred_lft 1800"),
    route("default via 192.0.2.2 dev eth0"),
  ];
  assert.deepEqual(missingEntries([lease, leasedRoute], now), []);
  const byHand = address("192.0.2.7/24");
  assert.deepEqual(missingEntries([lease, byHand], now), [byHand]);
});

test("what DHCP had brought is put back where it brings nothing", () => {
  const other = address("2001:db8::6/64 valid_lft 3600 preferred_lft 1800");
  assert.deepEqual(missingEntries([lease, leasedRoute], []), [lease, leasedRoute]);
  assert.deepEqual(missingEntries([lease, leasedRoute], [other]), [lease, leasedRoute]);
  const alone = address("192.0.2.6/24 valid_lft 3600 preferred_lft 1800");
  assert.deepEqual(missingEntries([lease, leasedRoute], [alone]), [leasedRoute]);
});

function spellArgv(entry: KeptEntry, now: readonly KeptEntry[], kept: readonly KeptEntry[] = []): string {
  return putBackArgv(entry, { now, kept }).join(" ");
}

test("a route of the same rank gives way, and others of IPv6 stay", () => {
  assert.equal(spellArgv(leasedRoute, []), "ip -4 route replace default via 192.0.2.1 dev eth0");
  const route6 = route("default via fe80::1 dev eth0 metric 1024");
  assert.equal(spellArgv(route6, []), "ip -6 route append default via fe80::1 dev eth0 metric 1024");
  const dead = route("default via fe80::99 dev eth0 metric 1024");
  assert.equal(spellArgv(route6, [dead]), "ip -6 route replace default via fe80::1 dev eth0 metric 1024");
  assert.equal(spellArgv(address("192.0.2.5/24"), []), "ip address add 192.0.2.5/24 dev eth0");
});

test("a route of the same rank that is kept itself gives no way", () => {
  const [one, other] = [
    route("2001:db8:9::1 dev eth0 metric 1024"),
    route("2001:db8:9::1 dev eth1 metric 1024"),
  ];
  const append = "ip -6 route append 2001:db8:9::1 dev eth1 metric 1024";
  assert.equal(spellArgv(other, [one], [one, other]), append);
});

test("a route of IPv6 may be put back without onlink, when the kernel has a route to its gateway", () => {
  const words = "default via 2001:db8:9::1 dev eth1 metric 2049";
  assert.deepEqual(withoutOnLink(route(`${words} onlink`)), route(words));
  assert.equal(withoutOnLink(route(words)), undefined);
  assert.equal(withoutOnLink(route("default via 192.0.2.1 dev eth1 onlink")), undefined);
});
