import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress, type Prefix } from "../../src/network/address.ts";
import {
  describeDifferences,
  foreignAddresses,
  type KernelNetwork,
} from "../../src/network/kernel-network.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork, type WantedInterface } from "../../src/network/wanted-network.ts";

function addressOf(text: string) {
  const address = parseAddress(text);
  assert.ok(address);
  return address;
}

function prefixOf(text: string): Prefix {
  const [address = "", length] = text.split("/");
  return { address: addressOf(address), prefixLength: Number(length) };
}

const route = (destination: string, gateway: string) => ({
  destination: prefixOf(destination),
  gateway: addressOf(gateway),
});

const wanted: WantedInterface = {
  name: "eth0",
  mac: "00:16:3e:00:00:01",
  label: "public",
  addresses: ["192.0.2.10/24", "2001:db8::10/64"].map(prefixOf),
  routes: [route("0.0.0.0/0", "192.0.2.1"), route("::/0", "fe80::1")].map((each) => ({
    ...each,
    isOnLink: false,
  })),
  dns: [],
  mtuBytes: 1400,
};

interface Parts {
  readonly isUp?: boolean;
  readonly mtuBytes?: number;
  readonly addresses?: readonly string[];
  readonly dynamic?: readonly string[];
  readonly routes?: readonly (readonly [string, string])[];
  readonly announced?: readonly (readonly [string, string])[];
  readonly lacksIpv6?: boolean;
}

const defaults = [
  ["0.0.0.0/0", "192.0.2.1"],
  ["::/0", "fe80::1"],
] as const;

function kernelRoute(each: readonly [string, string], isAnnounced: boolean) {
  return { ...route(...each), linkName: "eth0", isAnnounced };
}

function kernelWith(parts: Parts): KernelNetwork {
  const { addresses = ["192.0.2.10/24", "2001:db8::10/64"], dynamic = [], routes = defaults } = parts;
  const link = {
    name: "eth0",
    isUp: parts.isUp ?? true,
    mtuBytes: parts.mtuBytes ?? 1400,
    addresses: [
      ...addresses.map((text) => ({ ...prefixOf(text), isDynamic: false })),
      ...dynamic.map((text) => ({ ...prefixOf(text), isDynamic: true })),
    ],
  };
  return {
    links: new Map([["eth0", link]]),
    routes: [
      ...routes.map((each) => kernelRoute(each, false)),
      ...(parts.announced ?? []).map((each) => kernelRoute(each, true)),
    ],
    lacksIpv6: parts.lacksIpv6 ?? false,
  };
}

const cases: readonly (readonly [string, Parts, readonly string[]])[] = [
  ["all is so", {}, []],
  ["the link is down", { isUp: false }, ["eth0 is down"]],
  ["the MTU is another", { mtuBytes: 1500 }, ["eth0 has an MTU of 1500 in place of 1400"]],
  ["an address is missing", { addresses: ["192.0.2.10/24"] }, ["eth0 lacks 2001:db8::10/64"]],
  [
    "an address has another length",
    { addresses: ["192.0.2.10/32", "2001:db8::10/64"] },
    ["eth0 lacks 192.0.2.10/24"],
  ],
  [
    "a cluster's program added an address",
    { addresses: ["192.0.2.10/24", "2001:db8::10/64", "192.0.2.50/32"] },
    [],
  ],
  ["DHCP runs", { dynamic: ["192.0.2.77/24"] }, ["eth0 has 192.0.2.77/24, which is not wanted"]],
  ["a route is missing", { routes: defaults.slice(0, 1) }, ["eth0 lacks the route default via fe80::1"]],
  [
    "the gateway is another",
    { routes: [["0.0.0.0/0", "192.0.2.254"], defaults[1]] },
    [
      "eth0 lacks the route default via 192.0.2.1",
      "eth0 has the route default via 192.0.2.254, which is not wanted",
    ],
  ],
  ["a routing daemon added a route", { routes: [...defaults, ["10.0.0.0/8", "192.0.2.2"]] }, []],
  ["a router announced a route", { announced: [["::/0", "fe80::2"]] }, []],
  [
    "the kernel has no IPv6",
    { addresses: ["192.0.2.10/24"], routes: defaults.slice(0, 1), lacksIpv6: true },
    [],
  ],
];

for (const [what, parts, differences] of cases) {
  test(`the differences are told when ${what}`, () => {
    assert.deepEqual(describeDifferences(wanted, kernelWith(parts)), differences);
  });
}

test("where no IPv6 is wanted, what a router announces does not count", () => {
  const only4 = {
    ...wanted,
    addresses: wanted.addresses.slice(0, 1),
    routes: wanted.routes.slice(0, 1),
  };
  const kernel = kernelWith({ addresses: ["192.0.2.10/24"], dynamic: ["2001:db8::99/64"] });
  assert.deepEqual(describeDifferences(only4, kernel), []);
});

test("a link that went away is told", () => {
  assert.deepEqual(describeDifferences({ ...wanted, name: "eth7" }, kernelWith({})), ["eth7 is not there"]);
});

test("an address is foreign that somebody set, but not one that is wanted or was leased", () => {
  const kernel = kernelWith({
    addresses: ["192.0.2.10/24", "192.0.2.50/32", "2001:db8::10/64"],
    dynamic: ["192.0.2.77/24"],
  });
  assert.deepEqual(foreignAddresses([wanted], kernel), [{ linkName: "eth0", address: "192.0.2.50/32" }]);
});

test("an address that is wanted may be of a narrower scope, and others of such a scope do not count", () => {
  const addresses = ["169.254.10.1/16", "fe80::5/64"].map(prefixOf);
  const local = { ...wanted, addresses, routes: [] };
  const kernel = kernelWith({ addresses: [], routes: [] });
  const [link] = kernel.links.values();
  assert.ok(link);
  const withLocal = (texts: readonly string[]) => ({
    ...kernel,
    links: new Map([
      [
        "eth0",
        {
          ...link,
          localAddresses: texts.map((text) => ({ ...prefixOf(text), isDynamic: text.includes("99") })),
        },
      ],
    ]),
  });
  const both = ["169.254.10.1/16", "fe80::5/64"];
  assert.deepEqual(describeDifferences(local, withLocal([...both, "fe80::442c:e3ff:fe7e:a033/64"])), []);
  assert.deepEqual(describeDifferences(local, withLocal([...both, "169.254.99.99/16"])), []);
  assert.deepEqual(describeDifferences(local, withLocal(both.slice(1))), ["eth0 lacks 169.254.10.1/16"]);
  assert.deepEqual(foreignAddresses([local], withLocal([...both, "fe80::7/64"])), []);
});

/** What is told of two interfaces with a gateway each, whose default routes have these metrics. */
function differencesOfRanks(metrics: Readonly<Record<"eth0" | "eth1" | "eth2", readonly number[]>>) {
  const links = ["public", "private"].map((label, index) =>
    parseNetworking(
      label,
      JSON.stringify({
        label,
        mac: `00:16:3e:00:00:0${index}`,
        ips: [{ ip: `10.0.${index}.2`, netmask: 24 }],
        gateway: `10.0.${index}.1`,
      }),
    ),
  );
  const vifs = links.map(({ mac }, index) => ({ name: `eth${index}`, mac, index }));
  const { interfaces } = joinNetwork(links, vifs);
  const kernel: KernelNetwork = {
    links: new Map(
      interfaces.map(({ name, addresses }) => [
        name,
        {
          name,
          isUp: true,
          mtuBytes: 1500,
          addresses: addresses.map((each) => ({ ...each, isDynamic: false })),
        },
      ]),
    ),
    routes: Object.entries(metrics).flatMap(([linkName, all], index) =>
      all.map((metric) => ({
        ...route("0.0.0.0/0", `10.0.${index}.1`),
        linkName,
        isAnnounced: false,
        metric,
      })),
    ),
  };
  return interfaces.map((each) => describeDifferences(each, kernel));
}

test("the default route that counts comes before those of the other wanted interfaces", () => {
  const told = ["the IPv4 default route of eth1 comes before the one of eth0"];
  for (const [eth0, eth1] of [
    [[500], [0]],
    [[100], [100]],
    [[5000], [2049]],
  ] as const) {
    assert.deepEqual(differencesOfRanks({ eth0, eth1, eth2: [] }), [told, told]);
  }
  assert.deepEqual(differencesOfRanks({ eth0: [0], eth1: [2049], eth2: [] }), [[], []]);
  // One that the host says nothing of may be a tunnel's.
  assert.deepEqual(differencesOfRanks({ eth0: [100], eth1: [2049], eth2: [0] }), [[], []]);
  const lacking = ["eth0 lacks the route default via 10.0.0.1"];
  assert.deepEqual(differencesOfRanks({ eth0: [], eth1: [2049], eth2: [] }), [lacking, []]);
});
