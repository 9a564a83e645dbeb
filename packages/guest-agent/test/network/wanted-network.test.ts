import assert from "node:assert/strict";
import { test } from "node:test";
import { prefixText } from "../../src/network/address.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork, type Vif, type WantedInterface } from "../../src/network/wanted-network.ts";

const first: Vif = { name: "eth0", mac: "00:16:3e:00:00:01", index: 0 };
const second: Vif = { name: "eth1", mac: "00:16:3e:00:00:02", index: 1 };

/** Joins links, given as the JSON of their keys, with the guest's VIFs. */
function join(networking: Readonly<Record<string, object>>, vifs: readonly Vif[] = [first, second]) {
  const links = Object.entries(networking).map(([key, value]) => parseNetworking(key, JSON.stringify(value)));
  return joinNetwork(links, vifs);
}

function routesOf(wanted: WantedInterface | undefined): string[] {
  return (wanted?.routes ?? []).map(({ destination, gateway, isOnLink, metric }) => {
    const rank = metric === undefined ? "" : ` metric ${metric}`;
    return `${prefixText(destination)} via ${gateway.text}${isOnLink ? " onlink" : ""}${rank}`;
  });
}

const a = { mac: "00:16:3E:00:00:01", ips: [{ ip: "10.0.0.2", netmask: 24 }] };
const b = { mac: "00:16:3E:00:00:02", ips: [{ ip: "10.0.1.2", netmask: 24 }] };

test("links find their interfaces by MAC address in any case, in the order of the VIFs", () => {
  const { interfaces, missing } = join({ zzz: b, "00163e000001": a }, [second, first]);
  assert.deepEqual(
    interfaces.map(({ name }) => name),
    ["eth0", "eth1"],
  );
  assert.deepEqual(missing, []);
});

test("a VIF without a link is left alone", () => {
  assert.deepEqual(
    join({ x: b }).interfaces.map(({ name }) => name),
    ["eth1"],
  );
});

test("a link without a VIF is missing, the others are wanted all the same", () => {
  const { interfaces, missing } = join({ x: a, y: b }, [second]);
  assert.deepEqual(
    interfaces.map(({ name }) => name),
    ["eth1"],
  );
  assert.deepEqual(
    missing.map(({ key }) => key),
    ["x"],
  );
});

test("of two keys with one MAC address the one named by it counts", () => {
  const older = { ...a, ips: [{ ip: "10.9.9.9", netmask: 24 }] };
  for (const networking of [
    { private: older, "00163E000001": a },
    { "00163E000001": a, private: older },
  ]) {
    assert.deepEqual(join(networking).interfaces[0]?.addresses.map(prefixText), ["10.0.0.2/24"]);
  }
});

test("a gateway and a route to everywhere through it are one default route", () => {
  const routes = [{ route: "0.0.0.0", netmask: "0.0.0.0", gateway: "10.0.0.1" }];
  assert.deepEqual(routesOf(join({ x: { ...a, gateway: "10.0.0.1", routes } }).interfaces[0]), [
    "0.0.0.0/0 via 10.0.0.1",
  ]);
  assert.deepEqual(routesOf(join({ x: { ...a, routes } }).interfaces[0]), ["0.0.0.0/0 via 10.0.0.1"]);
});

test("where gateway and route to everywhere differ, the gateway counts", () => {
  const routes = [{ route: "0.0.0.0", netmask: "0.0.0.0", gateway: "10.0.0.9" }];
  assert.deepEqual(routesOf(join({ x: { ...a, gateway: "10.0.0.1", routes } }).interfaces[0]), [
    "0.0.0.0/0 via 10.0.0.1",
  ]);
});

// Which of two interfaces with gateways has the default route that counts.
const publicAddress = { ips: [{ ip: "198.51.100.2", netmask: 24 }] };
const choices = [
  ["the first VIF when nothing tells them apart", {}, {}, "eth0"],
  ["the one labelled public", {}, { label: "Public" }, "eth1"],
  ["the one with a public address", {}, publicAddress, "eth1"],
  ["the label before the address", { label: "public" }, publicAddress, "eth0"],
] as const;

for (const [what, left, right, wanted] of choices) {
  test(`two gateways: ${what}`, () => {
    const gateway = "203.0.113.1";
    const networking = { x: { ...a, gateway, ...left }, y: { ...b, gateway, ...right } };
    const { interfaces } = join(networking);
    const [winner, loser] = wanted === "eth0" ? interfaces : interfaces.toReversed();
    assert.deepEqual(routesOf(winner), [`0.0.0.0/0 via ${gateway} onlink`]);
    assert.deepEqual(routesOf(loser), [`0.0.0.0/0 via ${gateway} onlink metric 2049`]);
    assert.deepEqual(
      join(Object.fromEntries(Object.entries(networking).toReversed())).interfaces,
      interfaces,
    );
  });
}

test("where the first default route is unknown each has a metric, and none that a ranked spare has", () => {
  const links = Object.entries({ x: { ...a, gateway: "10.0.0.1" }, y: { ...b, gateway: "10.0.1.1" } }).map(
    ([key, value]) => parseNetworking(key, JSON.stringify(value)),
  );
  const { interfaces } = joinNetwork(links, [first, second], { isFirstUnknown: true });
  assert.deepEqual(interfaces.map(routesOf), [
    ["0.0.0.0/0 via 10.0.0.1 metric 1536"],
    ["0.0.0.0/0 via 10.0.1.1 metric 1537"],
  ]);
  for (const { winsOver, givesWayTo } of interfaces.flatMap(({ routes }) => routes)) {
    assert.deepEqual([winsOver, givesWayTo], [undefined, undefined]);
  }
});

function ip6Of(network: number): object[] {
  return [{ ip: `2001:db8:${network}::2`, netmask: 64 }];
}

test("of several gateways each has a metric of its own, worse than any that a kernel gives by itself", () => {
  const c = { mac: "00:16:3E:00:00:03", ip6s: ip6Of(3) };
  const { interfaces } = join(
    {
      x: { ...a, ip6s: ip6Of(1), gateway_v6: "fe80::1" },
      y: { ...b, ip6s: ip6Of(2), gateway_v6: "fe80::2" },
      z: { ...c, label: "public", gateway_v6: "fe80::3" },
    },
    [first, second, { name: "eth2", mac: "00:16:3e:00:00:03", index: 2 }],
  );
  assert.deepEqual(interfaces.map(routesOf), [
    ["::/0 via fe80::1 metric 2049"],
    ["::/0 via fe80::2 metric 2050"],
    ["::/0 via fe80::3"],
  ]);
});

test("an interface labelled public without a gateway takes no default route from another", () => {
  const { interfaces } = join({ x: { ...a, label: "public" }, y: { ...b, gateway: "10.0.1.1" } });
  assert.deepEqual(interfaces.map(routesOf), [[], ["0.0.0.0/0 via 10.0.1.1"]]);
});

test("the families choose their default routes apart, and a link-local gateway stays on its link", () => {
  const ip6s = [{ ip: "2001:db8::2", netmask: 64 }];
  const { interfaces } = join({
    x: { ...a, ip6s, gateway_v6: "fe80::def" },
    y: { ...b, label: "public", gateway: "10.0.1.1" },
  });
  assert.deepEqual(interfaces.map(routesOf), [["::/0 via fe80::def"], ["0.0.0.0/0 via 10.0.1.1"]]);
});

test("a gateway outside every subnet of its link is on the link", () => {
  const ip6s = [{ ip: "2001:db8::2", netmask: 128 }];
  const routes = [{ route: "10.5.0.0", netmask: 16, gateway: "10.0.9.1" }];
  const { interfaces } = join({
    x: { ...a, ip6s, gateway: "198.51.100.1", gateway_v6: "2001:db8::1", routes },
  });
  assert.deepEqual(routesOf(interfaces[0]), [
    "0.0.0.0/0 via 198.51.100.1 onlink",
    "::/0 via 2001:db8::1 onlink",
    "10.5.0.0/16 via 10.0.9.1 onlink",
  ]);
});

test("gateways and routes of a family without an address are left out", () => {
  const routes = [{ route: "2001:db8:5::", netmask: 48, gateway: "fe80::1" }];
  assert.deepEqual(routesOf(join({ x: { ...a, gateway_v6: "fe80::1", routes } }).interfaces[0]), []);
});

function routesThrough(gateway: string): object[] {
  return [{ route: "10.208.0.0", netmask: 12, gateway }];
}

test("a destination that two links have is the first VIF's", () => {
  const { interfaces } = join({
    x: { ...a, routes: routesThrough("10.0.0.1") },
    y: { ...b, routes: routesThrough("10.0.1.1") },
  });
  assert.deepEqual(interfaces.map(routesOf), [["10.208.0.0/12 via 10.0.0.1"], []]);
});

for (const name of ["eth0;reboot", "$(x)", "-a", "eth 0", "eth0:1", ""]) {
  test(`an interface named ${JSON.stringify(name)} is refused`, () => {
    assert.throws(() => join({ x: a }, [{ ...first, name }]), { code: "AGENT_UNSUPPORTED" });
  });
}

/** A link whose routes have an IPv6 gateway outside its subnets. */
function through(host: number, mac: string, rest: object = {}): object {
  const routes = [{ route: `2001:db8:${host}::`, netmask: 48, gateway: "2001:db8:9::1" }];
  return { mac, ip6s: [{ ip: `2001:db8:5::${host}`, netmask: 128 }], routes, ...rest };
}

test("of two interfaces that route through one IPv6 gateway outside their subnets one has the plain rank", () => {
  const { interfaces } = join({ x: through(1, first.mac), y: through(2, second.mac) });
  assert.deepEqual(interfaces.map(routesOf), [
    ["2001:db8:1::/48 via 2001:db8:9::1 onlink"],
    ["2001:db8:2::/48 via 2001:db8:9::1 onlink metric 4097"],
  ]);
});

test("of these the plain rank is that of the interface whose default route counts", () => {
  const gateway = { gateway_v6: "2001:db8:9::1" };
  const { interfaces } = join({ x: through(1, first.mac), y: through(2, second.mac, gateway) });
  assert.deepEqual(interfaces.map(routesOf), [
    ["2001:db8:1::/48 via 2001:db8:9::1 onlink metric 4096"],
    ["::/0 via 2001:db8:9::1 onlink", "2001:db8:2::/48 via 2001:db8:9::1 onlink"],
  ]);
});

const bridge = { name: "br0", kind: "bridge" } as const;

test("a VIF that belongs to another device is left out, and the others are wanted all the same", () => {
  const { interfaces, missing, held } = join({ x: a, y: b }, [{ ...first, master: bridge }, second]);
  assert.deepEqual(
    interfaces.map(({ name }) => name),
    ["eth1"],
  );
  assert.deepEqual(missing, []);
  assert.deepEqual(held, [{ ...first, master: bridge }]);
});

test("a default route stays behind the one of the bridge that has the public interface", () => {
  const networking = {
    x: { ...a, label: "public", gateway: "10.0.0.1" },
    y: { ...b, gateway: "10.0.1.1" },
  };
  const [spare] = join(networking, [{ ...first, master: bridge }, second]).interfaces;
  assert.deepEqual(routesOf(spare), ["0.0.0.0/0 via 10.0.1.1 metric 2049"]);
  assert.equal(spare?.routes[0]?.givesWayTo, "br0");
  const [counting] = join(networking, [first, { ...second, master: bridge }]).interfaces;
  assert.deepEqual(routesOf(counting), ["0.0.0.0/0 via 10.0.0.1"]);
  assert.equal(counting?.routes[0]?.winsOver, undefined);
});
