import type { TestContext } from "node:test";
import * as fc from "fast-check";
import { type Prefix, networkOf, prefixText } from "../../src/network/address.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork, type Vif, type WantedNetwork } from "../../src/network/wanted-network.ts";
import type { GoldenNetwork } from "./golden-case.ts";

/** What a foreign reader found in a back end's files of one interface; texts in canonical form, sorted. */
export interface ReadBackInterface {
  /** `192.0.2.10/24` */
  readonly addresses: readonly string[];
  /** `default via 192.0.2.1`, `10.0.0.0/8 via 192.0.2.2`; a metric follows as ` metric 2049`. */
  readonly routes: readonly string[];
  readonly dns: readonly string[];
  /** Undefined when the format says none. */
  readonly mtuBytes: number | undefined;
}

/** By name of the interface. */
export type ReadBack = Readonly<Record<string, ReadBackInterface>>;

/** What a foreign reader has to find once the plan of `wanted` is carried out. */
export function expectedOf(wanted: WantedNetwork): ReadBack {
  const entries = wanted.interfaces.map(({ name, addresses, routes, dns, mtuBytes }) => [
    name,
    {
      addresses: addresses.map(prefixText).toSorted(),
      routes: routes.map(routeText).toSorted(),
      dns: dns.map((server) => server.text).toSorted(),
      mtuBytes,
    },
  ]);
  return Object.fromEntries(entries) as ReadBack;
}

function routeText(route: WantedNetwork["interfaces"][number]["routes"][number]): string {
  const { destination, gateway, metric } = route;
  const to = destination.prefixLength === 0 ? "default" : canonicalNetwork(destination);
  return `${to} via ${gateway.text}${metric === undefined ? "" : ` metric ${metric}`}`;
}

function canonicalNetwork(prefix: Prefix): string {
  return prefixText({ address: networkOf(prefix), prefixLength: prefix.prefixLength });
}

/** The neutral model of a network, as the agent makes it from what the host wrote. */
export function wantedOf(network: GoldenNetwork): WantedNetwork {
  const links = Object.entries(network.networking).map(([key, value]) =>
    parseNetworking(key, JSON.stringify(value)),
  );
  return joinNetwork(links, network.vifs);
}

const macs = ["00:16:3e:00:00:01", "00:16:3e:00:00:02", "00:16:3e:00:00:03"];

function vifsNamed(...names: readonly string[]): Vif[] {
  return names.map((name, index) => ({ name, mac: macs[index] ?? "", index }));
}

type Fields = Readonly<Record<string, unknown>>;

/** A network whose n-th interface is to have the n-th fields. */
function network(vifs: readonly Vif[], ...fields: readonly Fields[]): GoldenNetwork {
  const entries = fields.map((each, index) => {
    const mac = vifs[index]?.mac ?? "";
    return [mac.replaceAll(":", "").toUpperCase(), { mac, ...each }];
  });
  return { vifs, networking: Object.fromEntries(entries) as GoldenNetwork["networking"] };
}

const v4 = (ip: string, netmask = "255.255.255.0"): Fields => ({ ip, netmask, enabled: "1" });
const v6 = (ip: string, netmask: number | string = 64): Fields => ({ ip, netmask, enabled: "1" });
const route = (destination: string, netmask: string, gateway: string): Fields => ({
  route: destination,
  netmask,
  gateway,
});
const [one, two, three] = [vifsNamed("eth0"), vifsNamed("eth0", "eth1"), vifsNamed("eth0", "eth1", "eth2")];
const gateway = "192.0.2.1";

/** Networks that every back end has to write so that a foreign reader of its format finds them again. */
export const networkModels: Readonly<Record<string, GoldenNetwork>> = {
  "one address": network(one, { ips: [v4("192.0.2.10")] }),
  "address and gateway": network(one, { ips: [v4("192.0.2.10")], gateway }),
  "gateway and name servers": network(one, {
    ips: [v4("192.0.2.10")],
    gateway,
    dns: ["192.0.2.53", "192.0.2.54"],
  }),
  "three addresses of one subnet": network(one, {
    ips: [v4("192.0.2.10"), v4("192.0.2.11"), v4("192.0.2.12")],
    gateway,
  }),
  "addresses of two subnets": network(one, { ips: [v4("192.0.2.10"), v4("198.51.100.10")], gateway }),
  "odd prefix lengths": network(one, {
    ips: [v4("192.0.2.10", "255.255.255.252"), v4("10.1.2.3", "255.255.224.0")],
    gateway: "192.0.2.9",
  }),
  "IPv6 only": network(one, { ip6s: [v6("2001:db8::10")], gateway_v6: "2001:db8::1" }),
  "IPv6 only, link-local gateway": network(one, { ip6s: [v6("2001:db8::10")], gateway_v6: "fe80::1" }),
  "IPv6 prefix as text": network(one, { ip6s: [v6("2001:db8::10", "96")], gateway_v6: "2001:db8::1" }),
  "two IPv6 addresses": network(one, {
    ip6s: [v6("2001:db8::10"), v6("2001:db8:1::10", 80)],
    gateway_v6: "2001:db8::1",
  }),
  "both families": network(one, {
    ips: [v4("192.0.2.10")],
    ip6s: [v6("2001:db8::10")],
    gateway,
    gateway_v6: "fe80::1",
    dns: ["192.0.2.53", "2001:db8::53"],
  }),
  "many addresses": network(one, {
    ips: Array.from({ length: 10 }, (_, index) => v4(`192.0.2.${20 + index}`)),
    ip6s: Array.from({ length: 10 }, (_, index) => v6(`2001:db8::${20 + index}`)),
    gateway,
    gateway_v6: "2001:db8::1",
  }),
  "routes without a default": network(one, {
    ips: [v4("10.208.227.239", "255.255.224.0")],
    routes: [
      route("10.176.0.0", "255.240.0.0", "10.208.224.1"),
      route("10.208.0.0", "255.240.0.0", "10.208.224.1"),
    ],
  }),
  "default route among the routes": network(one, {
    ips: [v4("192.0.2.10")],
    routes: [route("0.0.0.0", "0.0.0.0", gateway), route("10.0.0.0", "255.0.0.0", "192.0.2.2")],
  }),
  "route to one host": network(one, {
    ips: [v4("192.0.2.10")],
    gateway,
    routes: [route("203.0.113.7", "255.255.255.255", "192.0.2.3")],
  }),
  "gateway outside the subnet": network(one, {
    ips: [v4("203.0.113.7", "255.255.255.255")],
    gateway: "198.51.100.1",
  }),
  "IPv6 gateway outside the subnet": network(one, {
    ip6s: [v6("2001:db8:0:1::10", 128)],
    gateway_v6: "2001:db8:0:2::1",
  }),
  "one gateway of two interfaces outside their subnets": network(
    two,
    ...[0, 1].map((index) => ({
      ips: [v4(`192.0.2.${10 + index}`, "255.255.255.255")],
      ip6s: [v6(`2001:db8:5::${1 + index}`, 128)],
      gateway: "198.51.100.1",
      gateway_v6: "2001:db8:9::1",
    })),
  ),
  "routes of two interfaces through one IPv6 gateway outside their subnets": network(
    two,
    ...[0, 1].map((index) => ({
      ip6s: [v6(`2001:db8:5::${1 + index}`, 128)],
      routes: [route(`2001:db8:${10 + index}::`, "48", "2001:db8:9::1")],
    })),
  ),
  "IPv6 gateway in another interface's subnet": network(
    two,
    { ip6s: [v6("2001:db8::10")] },
    { ip6s: [v6("2001:db8:1::10", 128)], gateway_v6: "2001:db8::1" },
  ),
  "IPv6 gateway in a narrower subnet of another interface": network(
    two,
    { ip6s: [v6("2001:db8::ffff:10", 112)] },
    { ip6s: [v6("2001:db8::20")], gateway_v6: "2001:db8::ffff:1" },
  ),
  "no address": network(one, { label: "spare" }),
  "no address on the second": network(two, { ips: [v4("192.0.2.10")], gateway }, {}),
  "an MTU": network(one, { ips: [v4("192.0.2.10")], gateway, mtu: 1400 }),
  "IPv6 only, with an MTU": network(one, { ip6s: [v6("2001:db8::10")], mtu: 1400 }),
  "an MTU for each": network(
    two,
    { ips: [v4("192.0.2.10")], gateway, mtu: 1450 },
    { ips: [v4("10.0.0.10")], mtu: 9000 },
  ),
  "public and private": network(
    two,
    { label: "public", ips: [v4("192.0.2.10")], gateway, dns: ["192.0.2.53"] },
    {
      label: "private",
      ips: [v4("10.208.227.239", "255.255.224.0")],
      routes: [route("10.176.0.0", "255.240.0.0", "10.208.224.1")],
    },
  ),
  "two gateways, the second public": network(
    two,
    { label: "private", ips: [v4("10.0.0.10")], gateway: "10.0.0.1" },
    { label: "public", ips: [v4("192.0.2.10")], gateway },
  ),
  "two gateways of both families": network(
    two,
    { ips: [v4("192.0.2.10")], ip6s: [v6("2001:db8::10")], gateway, gateway_v6: "2001:db8::1" },
    {
      ips: [v4("198.51.100.10")],
      ip6s: [v6("2001:db8:1::10")],
      gateway: "198.51.100.1",
      gateway_v6: "fe80::2",
    },
  ),
  "three interfaces": network(
    three,
    { ips: [v4("192.0.2.10")], gateway },
    { ip6s: [v6("fd00::10")] },
    { ips: [v4("10.0.0.10", "255.0.0.0")], dns: ["10.0.0.53"] },
  ),
  "a label that looks like code": network(one, {
    label: "x\"; rm -rf / #\n$(reboot) `id` 'y' \\",
    ips: [v4("192.0.2.10")],
    gateway,
  }),
};

const octet = fc.integer({ min: 1, max: 254 });
const address4 = fc
  .tuple(fc.integer({ min: 0, max: 3 }), octet, fc.integer({ min: 8, max: 30 }))
  .map(([third, fourth, length]) => v4(`172.16.${third}.${fourth}`, dottedMask(length)));
const address6 = fc
  .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 48, max: 127 }))
  .map(([last, length]) => v6(`2001:db8:5::${last.toString(16)}`, length));
const gateway4 = fc.integer({ min: 1, max: 254 }).map((last) => `172.16.9.${last}`);
const GATEWAY_IN_SUBNETS = "2001:db8:5::ffff:1";
const gateway6 = fc.constantFrom("fe80::1", GATEWAY_IN_SUBNETS, "2001:db8:9::1");
const routes4 = fc.uniqueArray(
  fc
    .tuple(octet, fc.integer({ min: 8, max: 24 }), gateway4)
    .map(([first, length, via]) => route(`${first % 100 || 1}.${first}.0.0`, dottedMask(length), via)),
  { maxLength: 3, selector: (each) => `${String(each["route"])}/${String(each["netmask"])}` },
);
const dns = fc.uniqueArray(fc.constantFrom("192.0.2.53", "198.51.100.53", "2001:db8::53"), { maxLength: 3 });
const addressKey = (address: Fields): string => String(address["ip"]);

const fields: fc.Arbitrary<Fields> = fc.record(
  {
    label: fc.string({ maxLength: 20 }),
    ips: fc.uniqueArray(address4, { maxLength: 4, selector: addressKey }),
    ip6s: fc.uniqueArray(address6, { maxLength: 3, selector: addressKey }),
    gateway: gateway4,
    gateway_v6: gateway6,
    routes: routes4,
    dns,
    mtu: fc.integer({ min: 1280, max: 9000 }),
  },
  { requiredKeys: [] },
);

/** Any network of one to three interfaces that a host might want. */
export const anyNetwork: fc.Arbitrary<GoldenNetwork> = fc
  .array(fields, { minLength: 1, maxLength: 3 })
  .map((each) => network(three.slice(0, each.length), ...each));

/** Where the random networks of a run begin; `MODELS_SEED=N` in the environment gives those of an earlier run. */
const modelsSeed = Number(process.env["MODELS_SEED"] ?? Math.trunc(Math.random() * 0x7fffffff));

/**
 * The models, and behind them as many random networks, by name. For tests in which a foreign tool makes
 * one after the other: nothing is shrunk. The names of the random ones, and a note in the test's output,
 * say how to get them again.
 */
export function modelsAndRandom(
  context: Pick<TestContext, "diagnostic">,
  count: number,
  seed = modelsSeed,
): (readonly [string, GoldenNetwork])[] {
  context.diagnostic(`MODELS_SEED=${seed} gives the same random networks again`);
  const random = fc.sample(anyNetwork, { seed, numRuns: count });
  return [
    ...Object.entries(networkModels),
    ...random.map((each, index) => [`random network ${index} of MODELS_SEED=${seed}`, each] as const),
  ];
}

function dottedMask(length: number): string {
  const bits = "1".repeat(length).padEnd(32, "0");
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
}
