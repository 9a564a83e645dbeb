import assert from "node:assert/strict";
import test from "node:test";
import { wantedInterface } from "../../src/dom0/guest-network.ts";

const entry = { label: "any", mac: "00:16:3E:51:00:0A" };

test("addresses and routes of an entry are those that ip(8) prints", () => {
  const wanted = wantedInterface({
    ...entry,
    gateway: "10.0.0.1",
    gateway_v6: "fe80::1",
    ips: [
      { ip: "10.0.0.9", netmask: "255.255.224.0", enabled: "1" },
      { ip: "10.0.0.10", netmask: "255.255.255.255", enabled: "1" },
    ],
    ip6s: [{ ip: "2001:db8::5", netmask: 64, enabled: "1" }],
    routes: [{ route: "10.176.0.0", netmask: "255.240.0.0", gateway: "10.0.0.2" }],
  });
  assert.deepEqual(wanted, {
    addresses: ["10.0.0.10/32", "10.0.0.9/19", "2001:db8::5/64"],
    routes: ["10.176.0.0/12 via 10.0.0.2", "default via 10.0.0.1", "default via fe80::1"],
  });
});

test("an entry without addresses wants an interface that has none", () => {
  assert.deepEqual(wantedInterface(entry), { addresses: [], routes: [] });
});
