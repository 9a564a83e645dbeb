import assert from "node:assert/strict";
import { test } from "node:test";
import { placeNameServers } from "../../src/network/name-servers.ts";
import { wantedOf } from "../os/models.ts";
import { readGoldenNetwork } from "../os/golden-case.ts";

/** The name servers of each interface, by name. */
function placed(networking: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const { vifs } = readGoldenNetwork("name-servers");
  const { interfaces } = wantedOf({ vifs, networking });
  const entries = placeNameServers(interfaces).map(({ name, dns }) => [name, dns.map(({ text }) => text)]);
  return Object.fromEntries(entries) as Record<string, string[]>;
}

test("name servers go to the first interface that has an address of their family", () => {
  assert.deepEqual(placed(readGoldenNetwork("name-servers").networking), {
    eth0: [],
    eth1: ["203.0.113.53", "203.0.113.54", "203.0.113.55"],
    eth2: ["2001:db8::53"],
  });
});

test("name servers stay where no interface has an address of their family", () => {
  const networking = {
    "40409783782E": { dns: ["2001:db8::53", "203.0.113.53"] },
    BC764E206C5B: { ips: [{ ip: "198.51.100.10", netmask: "255.255.255.0" }], dns: ["2001:db8::54"] },
  };
  assert.deepEqual(placed(networking), { eth0: ["2001:db8::53"], eth1: ["2001:db8::54", "203.0.113.53"] });
});
