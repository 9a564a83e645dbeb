import assert from "node:assert/strict";
import { test } from "node:test";
import { prefixText } from "../../src/network/address.ts";
import { parseNetworkFile } from "../../src/network/network-file.ts";

const network = {
  label: "public",
  mac: "BC:76:4E:20:6C:5B",
  ips: [{ ip: "198.51.100.10", netmask: "255.255.255.0", enabled: "1" }],
};

function parse(content: unknown) {
  const { links, hostname } = parseNetworkFile(JSON.stringify(content), "net.json");
  const addresses = links.map((link) => [link.mac, ...link.addresses.map(prefixText)]);
  return { hostname, addresses };
}

const wanted = [["bc:76:4e:20:6c:5b", "198.51.100.10/24"]];

test("a file has networks as vm-data has them, and a host name", () => {
  const content = { hostname: "web01\n", networking: { BC764E206C5B: { ...network, mac: undefined } } };
  assert.deepEqual(parse(content), { hostname: "web01", addresses: wanted });
});

test("a file may be a list of networks", () => {
  assert.deepEqual(parse([network]), { hostname: undefined, addresses: wanted });
});

test("a file without a host name leaves the guest its own", () => {
  for (const hostname of [undefined, null, "", " "]) {
    assert.deepEqual(parse({ hostname, networking: null }), { hostname: undefined, addresses: [] });
  }
});

const form =
  'it has to be {"hostname": "...", "networking": {"<key>": {...}}} or a list of networks, each with its "mac"';
const ip = { ...network.ips[0], ip: "198.51.100.300" };
const wrong: readonly (readonly [unknown, string])[] = [
  [7, `net.json is no object and no list; ${form}`],
  [{ networks: {} }, `net.json has the key "networks", which means nothing; ${form}`],
  [{ networking: [] }, `"networking" in net.json is no object; ${form}`],
  [{ hostname: 7 }, `"hostname" in net.json is no text; ${form}`],
];

for (const [content, message] of wrong) {
  test(`${JSON.stringify(content)} is refused with the place`, () => {
    assert.throws(() => parse(content), { code: "AGENT_BAD_PAYLOAD", message });
  });
}

const faults: readonly (readonly [unknown, string | undefined, string])[] = [
  [
    { hostname: "a b" },
    undefined,
    'net.json: hostname is "a b", which is no host name; use letters, digits, hyphens and dots there and try again',
  ],
  [
    { networking: { X: { ...network, ips: [ip] } } },
    "bc:76:4e:20:6c:5b",
    'net.json: networking["X"]: ips[0].ip is "198.51.100.300", which is not an IPv4 address; correct it there and try again',
  ],
  [[{}], undefined, "net.json: [0]: mac is missing; put a MAC address there and try again"],
  [[7], undefined, "net.json: [0] is 7, which is not a JSON object; correct it there and try again"],
];

for (const [content, mac, message] of faults) {
  test(`${JSON.stringify(content)} is told with the place, beside what is right`, () => {
    const found = parseNetworkFile(JSON.stringify(content), "net.json");
    assert.deepEqual(
      found.faults?.map((fault) => [fault.mac, fault.message]),
      [[mac, message]],
    );
    assert.deepEqual([found.links, found.hostname], [[], undefined]);
  });
}

test("a file that is not JSON is refused with the parser's reason", () => {
  assert.throws(() => parseNetworkFile("{", "net.json"), {
    code: "AGENT_BAD_PAYLOAD",
    message: /^net\.json is not JSON \(.+\); it has to be /,
  });
});
