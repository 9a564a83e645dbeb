import assert from "node:assert/strict";
import { describe } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { type GoldenNetwork } from "../golden-case.ts";
import { expectedOf, modelsAndRandom, type ReadBack, type ReadBackInterface, wantedOf } from "../models.ts";
import { GUESTS_AT_ONCE, type ManagedGuest, MANAGED_TIMEOUT_MS, resetManagedGuest } from "./managed-guest.ts";

const vifs = [1, 2, 3].map((number) => ({
  name: `eth${number - 1}`,
  mac: `00:16:3e:00:00:0${number}`,
  index: number - 1,
}));

interface TestedGuest extends ManagedGuest {
  readonly title: string;
  readonly backend: string;
  /** Whether the manager has name servers on other links than the host names them for. */
  readonly hasNameServersAnywhere?: boolean;
  /** Whether it has those of IPv6 also where a link may get addresses of it from a router. */
  readonly waitsForIpv6?: boolean;
}

const guests: readonly TestedGuest[] = [
  {
    manager: "network-manager",
    backend: "network-manager",
    title: "NetworkManager",
    vifs,
    hasNameServersAnywhere: true,
    waitsForIpv6: true,
  },
  {
    manager: "netplan-network-manager",
    backend: "netplan",
    title: "netplan with NetworkManager",
    vifs,
    hasNameServersAnywhere: true,
  },
  { manager: "networkd", backend: "networkd", title: "networkd", vifs },
  { manager: "netplan", backend: "netplan", title: "netplan with networkd", vifs },
];

/** A manager takes over a second for each. */
const RANDOM_COUNT = 6;

/** The network with every other VIF of the guest up and without an address. */
function onAllVifs({ networking }: GoldenNetwork): GoldenNetwork {
  const isThere = (mac: string) => JSON.stringify(networking).toLowerCase().includes(mac);
  const others = vifs.filter(({ mac }) => !isThere(mac)).map(({ mac }) => [mac, { mac }] as const);
  return { vifs, networking: { ...networking, ...Object.fromEntries(others) } };
}

/** As it comes through JSON: without what is undefined. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Whether an interface has an address of a name server's family. */
function hasFamilyOf({ addresses }: ReadBackInterface, server: string): boolean {
  return addresses.some((address) => address.includes(":") === server.includes(":"));
}

/** A read-back without its name servers, and those of all interfaces that are kept. */
function withServersApart(
  interfaces: ReadBack,
  keeps: (server: string, link: ReadBackInterface) => boolean = () => true,
) {
  const links = Object.values(interfaces);
  const servers = links.flatMap((link) => link.dns.filter((server) => keeps(server, link)));
  const entries = Object.entries(interfaces).map(([name, link]) => [name, { ...link, dns: [] }]);
  return { interfaces: Object.fromEntries(entries) as ReadBack, servers: [...new Set(servers)].toSorted() };
}

/**
 * The guest has all name servers that it could reach, on whatever link they are: NetworkManager takes
 * those of a family only where a link has addresses of it, and those of IPv6 where it may get some, too.
 */
function assertServersAnywhere(
  found: ReadBack,
  { expected, name, waitsForIpv6 }: { expected: ReadBack; name: string; waitsForIpv6: boolean },
) {
  const isReachable = (server: string, link: ReadBackInterface) =>
    Object.values(expected).some((each) => hasFamilyOf(each, server)) ||
    (waitsForIpv6 && server.includes(":") && link.addresses.length > 0);
  assert.deepEqual(withServersApart(found), asJson(withServersApart(expected, isReachable)), name);
}

describe("models", { concurrency: GUESTS_AT_ONCE }, () => {
  for (const { title, backend, hasNameServersAnywhere = false, waitsForIpv6 = false, ...guest } of guests) {
    const needs = ["root", "namespaces", "apt", "ip"] as const;
    const options = { needs, timeoutMs: MANAGED_TIMEOUT_MS };

    systemTest(
      `${title} makes every model and random networks of one guest, one after the other`,
      options,
      async (context) => {
        const models = modelsAndRandom(context, RANDOM_COUNT).map(
          ([name, model]) => [name, onAllVifs(model)] as const,
        );
        // No manager gives a link back the MTU that it had before one was asked for.
        const programs = vifs.map(({ name }) => ["ip", "link", "set", name, "mtu", "1500"]);
        const resets = models.map(([, { networking }]) => ({ networking, programs }));
        const outcomes = await resetManagedGuest(context, { ...guest, resets });
        for (const [index, [name, model]] of models.entries()) {
          const outcome = outcomes[index];
          assert.ok(outcome);
          assert.equal(outcome.error, undefined, name);
          assert.equal(outcome.backend, backend, name);
          const expected = expectedOf(wantedOf(model));
          if (hasNameServersAnywhere) {
            assertServersAnywhere(outcome.interfaces, { expected, name, waitsForIpv6 });
          } else assert.deepEqual(outcome.interfaces, asJson(expected), name);
          assert.deepEqual(outcome.up, ["eth0", "eth1", "eth2"], name);
          assert.equal(outcome.stepsAgain, 0, name);
        }
      },
    );
  }
});
