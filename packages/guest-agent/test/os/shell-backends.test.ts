import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelNetwork } from "../../src/network/kernel-network.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork } from "../../src/network/wanted-network.ts";
import type { NetworkBackend, NetworkFacts } from "../../src/os/backend.ts";
import { freebsd } from "../../src/os/freebsd/backend.ts";
import { netctl } from "../../src/os/netctl.ts";
import { netifrc } from "../../src/os/netifrc.ts";
import { filesAfter, type GoldenNetwork, readGoldenCases, spellSteps } from "./golden-case.ts";
import { wantedOf } from "./models.ts";

const backends: readonly NetworkBackend[] = [netctl, netifrc, freebsd];

type Files = ReadonlyMap<string, string>;

function factsOf({ vifs }: GoldenNetwork, files: Files, rest: Partial<NetworkFacts> = {}): NetworkFacts {
  return { vifs, hostname: "x", evidence: new Map(), files, ...rest };
}

function spellPlan(backend: NetworkBackend, network: GoldenNetwork, facts: NetworkFacts): string[] {
  return spellSteps(backend.plan(wantedOf(network), facts))
    .trimEnd()
    .split("\n");
}

/** A kernel in which every interface is as the canonical network has it, but the first lacks all. */
function withoutFirst({ interfaces }: ReturnType<typeof wantedOf>): KernelNetwork {
  const link = { isUp: true, mtuBytes: 1500 };
  const links = interfaces.map(({ name, addresses }, index) => {
    const own = index === 0 ? [] : addresses.map((address) => ({ ...address, isDynamic: false }));
    return [name, { name, ...link, addresses: own }] as const;
  });
  const routes = interfaces
    .slice(1)
    .flatMap(({ name, routes: own }) =>
      own.map(({ destination, gateway }) => ({ linkName: name, destination, gateway, isAnnounced: false })),
    );
  return { links: new Map(links), routes };
}

for (const backend of backends) {
  test(`${backend.name} restarts only what the kernel has otherwise`, () => {
    const golden = readGoldenCases(backend.name).find(({ name }) => name === "canonical");
    assert.ok(golden);
    const { network, after } = golden;
    const kernel = withoutFirst(wantedOf(network));
    const steps = spellPlan(backend, network, factsOf(network, after, { kernel }));
    const [first, second] = network.vifs;
    assert.ok(first && second);
    assert.ok(steps.some((step) => step.includes(first.name) || step.includes("netctl start public")));
    assert.ok(
      !steps.some((step) => step.includes(second.name) || step.startsWith("write")),
      steps.join("\n"),
    );
  });
}

const [one, two] = [
  { name: "eth0", mac: "00:16:3e:00:00:01", index: 0 },
  { name: "eth1", mac: "00:16:3e:00:00:02", index: 1 },
];
const ips = (ip: string) => [{ ip, netmask: "255.255.255.0" }];

test("without resolvconf every service of netifrc writes all name servers", () => {
  const network: GoldenNetwork = {
    vifs: [one, two],
    networking: {
      a: { mac: one.mac, ips: ips("192.0.2.1"), dns: ["192.0.2.53"] },
      b: { mac: two.mac, ips: ips("198.51.100.1"), gateway: "198.51.100.254", dns: ["198.51.100.53"] },
    },
  };
  const servers = (evidence: readonly string[]) => {
    const facts = factsOf(network, new Map(), { evidence: new Map(evidence.map((path) => [path, {}])) });
    const files = filesAfter(new Map(), netifrc.plan(wantedOf(network), facts));
    return (files.get("/etc/conf.d/net") ?? "").split("\n").filter((line) => line.startsWith("dns"));
  };
  assert.deepEqual(servers([]), [
    'dns_servers_eth0="198.51.100.53 192.0.2.53"',
    'dns_servers_eth1="198.51.100.53 192.0.2.53"',
  ]);
  assert.deepEqual(servers(["/sbin/resolvconf"]), [
    'dns_servers_eth0="192.0.2.53"',
    'dns_servers_eth1="198.51.100.53"',
  ]);
});

test("netctl takes the enabled profile of an interface before the others", () => {
  const network = { vifs: [one], networking: { a: { mac: one.mac, ips: ips("192.0.2.1") } } };
  const profile = "Interface=eth0\nConnection=ethernet\nIP=dhcp\n";
  const enabled = String.raw`/etc/systemd/system/multi-user.target.wants/netctl@b\x2d\xc3\xa9.service`;
  const files = new Map([
    ["/etc/netctl/a", profile],
    ["/etc/netctl/b-é", profile],
    ["/etc/netctl/c.bak", profile],
  ]);
  const written = (more: Files) =>
    spellPlan(netctl, network, factsOf(network, new Map([...files, ...more]))).filter((step) =>
      step.startsWith("write"),
    );
  assert.deepEqual(written(new Map()), ["write /etc/netctl/a 0644"]);
  assert.deepEqual(written(new Map([[enabled, ""]])), ["write /etc/netctl/b-é 0644"]);
});

/** A network with one route. */
function networkWith(gateway: string): GoldenNetwork {
  const routes = [{ route: "10.0.0.0", netmask: "255.0.0.0", gateway }];
  const vifs = [{ ...one, name: "xn0" }];
  return { vifs, networking: { a: { mac: one.mac, ips: ips("192.0.2.1"), routes } } };
}

test("FreeBSD's interfaces stay up when only a route changes", () => {
  const before = networkWith("192.0.2.253");
  const files = filesAfter(new Map(), freebsd.plan(wantedOf(before), factsOf(before, new Map())));
  const after = networkWith("192.0.2.254");
  assert.deepEqual(spellPlan(freebsd, after, factsOf(after, files)), [
    "if taken back: service routing restart",
    "write /etc/rc.conf 0644 backup",
    "run service routing restart",
  ]);
});

test("FreeBSD has a default router also while the first default route is unknown", () => {
  const vifs = [
    { ...one, name: "xn0" },
    { ...two, name: "xn1" },
  ];
  const networking = {
    a: { mac: one.mac, label: "public", ips: ips("192.0.2.1"), gateway: "192.0.2.254" },
    b: { mac: two.mac, ips: ips("198.51.100.1"), gateway: "198.51.100.254" },
  };
  const routerAfter = (keys: readonly ("a" | "b")[], before: string) => {
    const links = keys.map((key) => parseNetworking(key, JSON.stringify(networking[key])));
    const wanted = joinNetwork(links, vifs, { isFirstUnknown: true });
    const files = new Map([["/etc/rc.conf", before]]);
    const facts = { vifs, hostname: "x", evidence: new Map(), files };
    const after = filesAfter(files, freebsd.plan(wanted, facts));
    assert.deepEqual(freebsd.plan(wanted, { ...facts, files: after }), []);
    return /^defaultrouter=.*$/m.exec(after.get("/etc/rc.conf") ?? "")?.[0];
  };
  const public4 = 'ifconfig_xn0="inet 192.0.2.1/24"\ndefaultrouter="192.0.2.254"\n';
  assert.equal(routerAfter(["a"], public4), 'defaultrouter="192.0.2.254"');
  assert.equal(routerAfter(["b"], public4), 'defaultrouter="192.0.2.254"');
  assert.equal(routerAfter(["a", "b"], ""), 'defaultrouter="192.0.2.254"');
});

test("FreeBSD goes on listening to routers, or not, where the host wants no IPv6", () => {
  const network = networkWith("192.0.2.254");
  for (const words of ["inet6 accept_rtadv", "inet6 -accept_rtadv"]) {
    const files = new Map([["/etc/rc.conf", `ifconfig_xn0_ipv6="${words}"\n`]]);
    const after = filesAfter(files, freebsd.plan(wantedOf(network), factsOf(network, files)));
    assert.match(after.get("/etc/rc.conf") ?? "", new RegExp(`^ifconfig_xn0_ipv6="${words}"$`, "m"));
    assert.deepEqual(freebsd.plan(wantedOf(network), factsOf(network, after)), []);
  }
});
