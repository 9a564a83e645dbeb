import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentError } from "../../src/errors.ts";
import { prefixText } from "../../src/network/address.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";

const key = "BC764E206C5B";

/** A link as texts, from the fields of a JSON object. */
function parse(fields: unknown, name = key) {
  const link = parseNetworking(name, typeof fields === "string" ? fields : JSON.stringify(fields));
  return {
    ...link,
    addresses: link.addresses.map(prefixText),
    gateways: link.gateways.map((gateway) => gateway.text),
    routes: link.routes.map((route) => `${prefixText(route.destination)} via ${route.gateway.text}`),
    dns: link.dns.map((server) => server.text),
  };
}

const ip = { ip: "192.0.2.10", netmask: "255.255.255.0", enabled: "1" };
const ip6 = { ip: "2001:db8::10", netmask: 64, enabled: "1" };

test("an empty object is a link without anything, named by its key", () => {
  assert.deepEqual(parse({}), {
    key,
    mac: "bc:76:4e:20:6c:5b",
    label: "",
    addresses: [],
    gateways: [],
    routes: [],
    dns: [],
  });
});

const nulls = { label: null, ips: null, ip6s: null, gateway: null, gateway_v6: null, gateway6: null };

test("null stands for a field that is not there", () => {
  assert.deepEqual(
    parse({ ...nulls, mac: null, routes: null, dns: null, mtu: null, broadcast: null }),
    parse({}),
  );
});

test("fields that nobody knows are ignored", () => {
  assert.deepEqual(parse({ slice: "x", __proto__: { label: "y" }, extra: [1] }), parse({}));
});

const macs = [
  ["the field wins over the key", { mac: "40:40:97:83:78:2E" }, key, "40:40:97:83:78:2e"],
  ["a key named by its label needs the field", { mac: "BC-76-4E-20-6C-5B" }, "public", "bc:76:4e:20:6c:5b"],
  ["a lower-case key stands for the field", {}, "40409783782e", "40:40:97:83:78:2e"],
] as const;

for (const [what, fields, name, wanted] of macs) {
  test(`MAC address: ${what}`, () => assert.equal(parse(fields, name).mac, wanted));
}

const masks = [
  [{ ...ip, netmask: "255.255.224.0" }, "192.0.2.10/19"],
  [{ ...ip, netmask: 24 }, "192.0.2.10/24"],
  [{ ...ip, netmask: "24" }, "192.0.2.10/24"],
  [{ ...ip, netmask: "255.255.255.255" }, "192.0.2.10/32"],
  [{ address: "192.0.2.10", netmask: "255.0.0.0" }, "192.0.2.10/8"],
] as const;

for (const [entry, wanted] of masks) {
  test(`${JSON.stringify(entry)} is ${wanted}`, () =>
    assert.deepEqual(parse({ ips: [entry] }).addresses, [wanted]));
}

test("an IPv6 prefix length is a number or its text, the address `ip` or `address`", () => {
  const ip6s = [ip6, { ip: "2001:DB8::11", netmask: "64" }, { address: "2001:db8::12", netmask: "96" }];
  assert.deepEqual(parse({ ip6s }).addresses, ["2001:db8::10/64", "2001:db8::11/64", "2001:db8::12/96"]);
});

const switches = [
  [undefined, true],
  [null, true],
  ["1", true],
  [1, true],
  [true, true],
  ["0", false],
  [0, false],
  [false, false],
] as const;

for (const [enabled, wanted] of switches) {
  test(`enabled ${JSON.stringify(enabled)} means ${wanted ? "yes" : "no"}`, () => {
    assert.equal(parse({ ips: [{ ...ip, enabled }] }).addresses.length, wanted ? 1 : 0);
  });
}

test("an address that is listed twice is there once", () => {
  assert.deepEqual(parse({ ips: [ip, ip] }).addresses, ["192.0.2.10/24"]);
});

const gateways = [
  ["the link's own", { gateway: "192.0.2.1", gateway_v6: "fe80::def" }, ["192.0.2.1", "fe80::def"]],
  ["the old name", { gateway6: "FE80::DEF" }, ["fe80::def"]],
  ["the new name before the old", { gateway_v6: "fe80::1", gateway6: "fe80::2" }, ["fe80::1"]],
  ["the old name when the new one is null", { gateway_v6: null, gateway6: "fe80::2" }, ["fe80::2"]],
  [
    "an address's own",
    {
      ips: [
        { ...ip, gateway: null },
        { ...ip, gateway: "192.0.2.2" },
      ],
    },
    ["192.0.2.2"],
  ],
  [
    "the link's before an address's",
    { gateway: "192.0.2.1", ips: [{ ...ip, gateway: "192.0.2.2" }] },
    ["192.0.2.1"],
  ],
  ["none of an address that is off", { ips: [{ ...ip, enabled: "0", gateway: "192.0.2.2" }] }, []],
  ["an IPv6 address's own", { ip6s: [{ ...ip6, gateway: "fe80::1" }] }, ["fe80::1"]],
  ["empty text", { gateway: "" }, []],
] as const;

for (const [what, fields, wanted] of gateways) {
  test(`gateway: ${what}`, () => assert.deepEqual(parse(fields).gateways, wanted));
}

test("a route's destination loses the bits behind its mask, and a destination is there once", () => {
  const routes = [
    { route: "10.208.1.2", netmask: "255.240.0.0", gateway: "10.208.224.1" },
    { route: "10.208.0.0", netmask: 12, gateway: "10.208.224.9" },
    { route: "0.0.0.0", netmask: "0.0.0.0", gateway: "10.208.224.1" },
    { route: "2001:db8::1", netmask: "32", gateway: "fe80::1" },
  ];
  assert.deepEqual(parse({ routes }).routes, [
    "10.208.0.0/12 via 10.208.224.1",
    "0.0.0.0/0 via 10.208.224.1",
    "2001:db8::/32 via fe80::1",
  ]);
});

test("name servers keep their order and are there once", () => {
  const dns = ["203.0.113.54", "203.0.113.53", "203.0.113.54", "2001:db8::53", "2001:DB8:0::53"];
  assert.deepEqual(parse({ dns }).dns, ["203.0.113.54", "203.0.113.53", "2001:db8::53"]);
});

const labels = [
  ["public", "public"],
  ["my  net", "my net"],
  ["a\nauto evil\r\n\0b", "a auto evil b"],
  ["\u2028x\u0085y\u202ez\ud800", "x y z"],
  ["ends in a backslash\\", "ends in a backslash"],
  ["ünïcode 🙂", "ünïcode 🙂"],
  ["x".repeat(100), "x".repeat(64)],
  ["🙂".repeat(100), "🙂".repeat(64)],
  [5, ""],
] as const;

for (const [label, wanted] of labels) {
  test(`label ${JSON.stringify(label).slice(0, 40)} becomes one printable line`, () => {
    assert.equal(parse({ label }).label, wanted);
  });
}

test("an MTU is a number or its text", () => {
  assert.equal(parse({ mtu: 1400 }).mtuBytes, 1400);
  assert.equal(parse({ mtu: "9000" }).mtuBytes, 9000);
});

// What is refused, and what the message has to name.
const refusals: readonly (readonly [string, unknown, string, string?])[] = [
  ["no JSON", "{", 'vm-data/networking/BC764E206C5B is "{"'],
  ["empty text", "", 'vm-data/networking/BC764E206C5B is ""'],
  ["a list", [], 'BC764E206C5B is "[]"'],
  ["null", null, 'BC764E206C5B is "null"'],
  ["text", '"x"', "a JSON object"],
  ["no MAC address at all", {}, "public: mac is missing", "public"],
  ["a MAC address that is none", { mac: "BC:76:4E" }, 'mac is "BC:76:4E"'],
  ["a MAC address that is a number", { mac: 5 }, "mac is 5"],
  ["a MAC address that is a list", { mac: [key] }, `mac is ["${key}"]`],
  ["ips that are no list", { ips: "192.0.2.10" }, 'ips is "192.0.2.10"'],
  ["ips of texts", { ips: ["192.0.2.10"] }, 'ips[0] is "192.0.2.10", which is not an object'],
  ["ips of null", { ips: [null] }, "ips[0] is null"],
  ["an address without ip", { ips: [{ netmask: "255.255.255.0" }] }, "ips[0].ip is missing"],
  ["a bad address", { ips: [ip, { ...ip, ip: "192.0.2.256" }] }, 'ips[1].ip is "192.0.2.256"'],
  ["an IPv6 address among ips", { ips: [{ ...ip, ip: "2001:db8::1" }] }, 'ips[0].ip is "2001:db8::1"'],
  ["an IPv4 address among ip6s", { ip6s: [{ ...ip6, ip: "192.0.2.1" }] }, 'ip6s[0].ip is "192.0.2.1"'],
  ["an address with its length", { ip6s: [{ ...ip6, ip: "2001:db8::1/64" }] }, 'is "2001:db8::1/64"'],
  ["no netmask", { ips: [{ ip: "192.0.2.10" }] }, "ips[0].netmask is missing"],
  ["a mask with a gap", { ips: [{ ...ip, netmask: "255.0.255.0" }] }, 'netmask is "255.0.255.0"'],
  ["a length over 32", { ips: [{ ...ip, netmask: 33 }] }, "netmask is 33"],
  ["a length of 0", { ips: [{ ...ip, netmask: "0.0.0.0" }] }, "from 1 to 32"],
  ["a length with a fraction", { ip6s: [{ ...ip6, netmask: 64.5 }] }, "netmask is 64.5"],
  ["a negative length", { ip6s: [{ ...ip6, netmask: -1 }] }, "netmask is -1"],
  ["a length over 128", { ip6s: [{ ...ip6, netmask: "129" }] }, 'netmask is "129"'],
  [
    "a dotted mask for IPv6",
    { ip6s: [{ ...ip6, netmask: "255.255.255.0" }] },
    "a prefix length from 1 to 128",
  ],
  ["enabled that says neither", { ips: [{ ...ip, enabled: "maybe" }] }, 'ips[0].enabled is "maybe"'],
  ["a bad gateway", { gateway: "gw" }, 'gateway is "gw"'],
  ["an IPv6 gateway for IPv4", { gateway: "fe80::1" }, 'gateway is "fe80::1", which is not an IPv4 address'],
  ["a gateway with a zone", { gateway_v6: "fe80::1%eth0" }, 'gateway_v6 is "fe80::1%eth0"'],
  ["a bad gateway of an address", { ip6s: [{ ...ip6, gateway: 5 }] }, "ip6s[0].gateway is 5"],
  [
    "a route without destination",
    { routes: [{ netmask: 8, gateway: "10.0.0.1" }] },
    "routes[0].route is missing",
  ],
  [
    "a route without mask",
    { routes: [{ route: "10.0.0.0", gateway: "10.0.0.1" }] },
    "routes[0].netmask is missing",
  ],
  [
    "a route without gateway",
    { routes: [{ route: "10.0.0.0", netmask: 8 }] },
    "routes[0].gateway is missing",
  ],
  [
    "a route across families",
    { routes: [{ route: "10.0.0.0", netmask: 8, gateway: "fe80::1" }] },
    "routes[0].gateway",
  ],
  ["dns that is no list", { dns: "203.0.113.53" }, 'dns is "203.0.113.53"'],
  ["a name among dns", { dns: ["203.0.113.53", "ns.example.com"] }, 'dns[1] is "ns.example.com"'],
  ...["0.0.0.0", "224.0.0.1", "239.255.255.255", "255.255.255.255"].map(
    (address) =>
      [`${address} as an address`, { ips: [{ ...ip, ip: address }] }, `ip is "${address}"`] as const,
  ),
  ...["::", "ff02::1"].map(
    (address) =>
      [`${address} as an address`, { ip6s: [{ ...ip6, ip: address }] }, `ip is "${address}"`] as const,
  ),
  ["an MTU below IPv4's least", { mtu: 67 }, "mtu is 67"],
  ["an MTU below IPv6's least", { mtu: 1279, ip6s: [ip6] }, "from 1280"],
  ["an MTU that is no number", { mtu: "big" }, 'mtu is "big"'],
];

for (const [what, fields, part, name] of refusals) {
  test(`${what}: refused with key, field, value and the way out`, () => {
    assert.throws(
      () => parse(fields, name ?? key),
      (error) => {
        assert.ok(error instanceof AgentError);
        assert.equal(error.code, "AGENT_BAD_PAYLOAD");
        assert.ok(error.message.startsWith(`vm-data/networking/${name ?? key}`), error.message);
        assert.ok(error.message.includes(part), error.message);
        assert.match(error.message, / there and try again$/);
        return true;
      },
    );
  });
}

test("a message quotes no more than the beginning of a long value and no control character of a key", () => {
  assert.throws(
    () => parse("x".repeat(4000), "a\nb"),
    (error) => error instanceof AgentError && error.message.length < 300 && !error.message.includes("\n"),
  );
});
