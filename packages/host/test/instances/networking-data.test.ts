import assert from "node:assert/strict";
import test from "node:test";
import { networkingData, networkingKey } from "../../src/instances/networking-data.ts";
import { privateNetwork, publicNetwork } from "../support/instance-world.ts";

const port = { id: "port", instanceId: "instance", networkId: "network", mac: "00:16:3e:4a:10:0b", index: 0 };

test("a card with both families is told as Nova tells it", () => {
  const fixedIps = [
    { address: "203.0.113.2", prefixLength: 29 },
    { address: "2001:db8:10::1", prefixLength: 64 },
  ];
  assert.deepEqual(networkingData({ ...port, fixedIps }, publicNetwork), {
    label: "public",
    mac: "00:16:3e:4a:10:0b",
    gateway: "203.0.113.1",
    broadcast: "203.0.113.7",
    ips: [{ ip: "203.0.113.2", enabled: "1", netmask: "255.255.255.248", gateway: "203.0.113.1" }],
    gateway_v6: "fe80::1",
    ip6s: [{ ip: "2001:db8:10::1", enabled: "1", netmask: 64, gateway: "fe80::1" }],
    dns: ["192.0.2.53"],
  });
});

test("what a network has none of is left out, and a missing gateway is null", () => {
  const fixedIps = [{ address: "10.208.0.2", prefixLength: 19 }];
  assert.deepEqual(networkingData({ ...port, fixedIps }, privateNetwork), {
    label: "private",
    mac: "00:16:3e:4a:10:0b",
    gateway: null,
    broadcast: "10.208.31.255",
    ips: [{ ip: "10.208.0.2", enabled: "1", netmask: "255.255.224.0", gateway: null }],
    routes: [{ route: "10.176.0.0", netmask: "255.240.0.0", gateway: "10.208.0.1" }],
  });
});

test("the key is the MAC address without colons, in the case of the JSON", () => {
  const { mac } = networkingData({ ...port, fixedIps: [] }, publicNetwork);
  assert.equal(networkingKey(port), mac.replaceAll(":", ""));
  assert.equal(networkingKey(port), "00163e4a100b");
});
