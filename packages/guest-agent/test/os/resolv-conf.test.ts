import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence } from "../../src/os/backend.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork } from "../../src/network/wanted-network.ts";
import { planResolvConf } from "../../src/os/resolv-conf.ts";
import { filesAfter } from "./golden-case.ts";

const path = "/etc/resolv.conf";
const vifs = ["00:16:3e:00:00:01", "00:16:3e:00:00:02"].map((mac, index) => ({
  name: `eth${index}`,
  mac,
  index,
}));

/** The resolver's file of a guest whose second interface has the default route. */
function resolvConfAfter(options: {
  readonly text?: string;
  readonly dns?: readonly (readonly string[])[];
  readonly evidence?: readonly (readonly [string, Evidence])[];
}): string | undefined {
  const { text, dns = [["10.0.0.53"], ["203.0.113.53"]], evidence = [] } = options;
  const links = vifs.map((vif, index) => {
    const gateway = index === 1 ? "10.0.0.1" : null;
    const ips = [{ ip: `10.0.0.${index + 2}`, netmask: 24 }];
    return parseNetworking("x", JSON.stringify({ mac: vif.mac, ips, gateway, dns: dns[index] ?? [] }));
  });
  const files = new Map(text === undefined ? [] : [[path, text]]);
  const facts = { vifs, hostname: "x", evidence: new Map(evidence), files };
  return filesAfter(files, planResolvConf(joinNetwork(links, vifs), facts)).get(path);
}

test("the servers of the interface with the default route come first", () => {
  assert.equal(resolvConfAfter({}), "nameserver 203.0.113.53\nnameserver 10.0.0.53\n");
});

test("all lines but nameserver stay", () => {
  const text = "# mine\nsearch example.com\n nameserver 192.0.2.1\noptions ndots:2\n";
  assert.equal(
    resolvConfAfter({ text, dns: [["10.0.0.53"]] }),
    "# mine\nsearch example.com\noptions ndots:2\nnameserver 10.0.0.53\n",
  );
});

test("three servers are written, which is what the C library asks, none twice", () => {
  const dns = [
    ["10.0.0.53", "10.0.0.54"],
    ["10.0.0.54", "10.0.0.55", "10.0.0.56"],
  ];
  assert.equal(
    resolvConfAfter({ dns }),
    "nameserver 10.0.0.54\nnameserver 10.0.0.55\nnameserver 10.0.0.56\n",
  );
});

test("without wanted servers the file stays", () => {
  assert.equal(resolvConfAfter({ text: "nameserver 192.0.2.1\n", dns: [] }), "nameserver 192.0.2.1\n");
});

const keepers: readonly (readonly [string, readonly [string, Evidence]])[] = [
  ["resolvconf", ["/sbin/resolvconf", {}]],
  ["systemd-resolved", ["/run/systemd/resolve", {}]],
  ["whoever made it a link", [path, { link: "../run/NetworkManager/resolv.conf" }]],
];

for (const [keeper, evidence] of keepers) {
  test(`${keeper} keeps the file`, () => {
    assert.equal(
      resolvConfAfter({ text: "nameserver 192.0.2.1\n", evidence: [evidence] }),
      "nameserver 192.0.2.1\n",
    );
  });
}
