import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../../src/network/address.ts";
import { isOnLinkRefused, isShared } from "../../src/network/ip-route.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork } from "../../src/network/wanted-network.ts";

const gateway = addressOf("2001:db8:9::1");

function addressOf(text: string) {
  const address = parseAddress(text);
  assert.ok(address);
  return address;
}

/** Interfaces eth0, eth1, … of which each has an address outside the gateway's subnet and these fields. */
function interfacesWith(...fields: readonly object[]) {
  const macs = fields.map((_, index) => `00:16:3e:00:00:0${index}`);
  const links = fields.map((each, index) => {
    const ip6s = [{ ip: `2001:db8:5::${index}`, netmask: 128 }];
    return parseNetworking(`vif${index}`, JSON.stringify({ mac: macs[index], ip6s, ...each }));
  });
  const vifs = macs.map((mac, index) => ({ name: `eth${index}`, mac, index }));
  return joinNetwork(links, vifs).interfaces;
}

/** Whether the gateway is shared and may be refused, for each interface. */
function answers(...fields: readonly object[]): readonly string[] {
  const interfaces = interfacesWith(...fields);
  return interfaces.map(({ name }) =>
    [
      isShared(gateway, { name, interfaces }) ? "shared" : "own",
      isOnLinkRefused(gateway, { name, interfaces }) ? "refused" : "taken",
    ].join(" "),
  );
}

const through = { gateway_v6: gateway.text };
const covering = { route: "2001:db8::", netmask: "36", gateway: gateway.text };

test("onlink is taken with a gateway to which nothing else leads, also of two interfaces", () => {
  assert.deepEqual(answers(through, {})[0], "own taken");
  assert.deepEqual(answers(through, through), ["shared taken", "shared taken"]);
});

test("onlink is refused where another interface has the gateway in a subnet or behind a route", () => {
  const inSubnet = { ip6s: [{ ip: "2001:db8:9::7", netmask: 64 }] };
  assert.equal(answers(through, inSubnet)[0], "own refused");
  const behind = {
    ip6s: [{ ip: "2001:db8:a::7", netmask: 64 }],
    routes: [{ ...covering, gateway: "2001:db8:a::1" }],
  };
  assert.equal(answers(through, behind)[0], "own refused");
});

test("what an interface has itself, and another one's default route, refuse it nothing", () => {
  assert.equal(answers({ ...through, routes: [covering] }, {})[0], "own taken");
  const other = { ip6s: [{ ip: "2001:db8:a::7", netmask: 64 }], gateway_v6: "2001:db8:a::1" };
  assert.equal(answers(through, other)[0], "own taken");
});

test("of two that share a gateway onlink is refused to both when a route of one leads to it", () => {
  assert.deepEqual(answers(through, { ...through, routes: [covering] }), [
    "shared refused",
    "shared refused",
  ]);
});
