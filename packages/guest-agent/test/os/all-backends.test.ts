import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Step } from "../../src/plan.ts";
import {
  filesAfter,
  type GoldenNetwork,
  planOf,
  readGoldenCases,
  spellSteps,
  withAllUp,
} from "./golden-case.ts";
import { anyNetwork } from "./models.ts";

/** What every back end has to do alike, on a guest of its own. */
const backends = [
  "alpine",
  "freebsd",
  "ifcfg",
  "ifupdown",
  "ifupdown2",
  "netctl",
  "netifrc",
  "netplan",
  "network-manager",
  "networkd",
  "wicked",
] as const;

type Fields = Readonly<Record<string, unknown>>;
type Files = ReadonlyMap<string, string>;

const macs = ["00:16:3e:00:00:01", "00:16:3e:00:00:02"] as const;
const servers = ["203.0.113.53", "203.0.113.54", "2001:db8:53::1"];

/** Two VIFs, the first with IPv4 and IPv6, the second with IPv4, and what these fields say of the first. */
function twoVifs(first: Fields = {}): GoldenNetwork {
  return {
    vifs: macs.map((mac, index) => ({ name: `eth${index}`, mac, index })),
    networking: {
      a: {
        mac: macs[0],
        label: "public",
        ips: [{ ip: "192.0.2.10", netmask: "255.255.255.0" }],
        ip6s: [{ ip: "2001:db8::10", netmask: 64 }],
        gateway: "192.0.2.1",
        ...first,
      },
      b: {
        mac: macs[1],
        ips: [{ ip: "10.208.227.239", netmask: "255.255.224.0" }],
        routes: [{ route: "10.176.0.0", netmask: "255.240.0.0", gateway: "10.208.224.1" }],
      },
    },
  };
}

/** A guest of one back end, and its files once a network has been planned and carried out. */
function createGuest(backend: string) {
  const golden = readGoldenCases(backend).find(({ name }) => name === "canonical");
  assert.ok(golden);
  const { evidence, before } = golden;
  const plan = (network: GoldenNetwork, files: Files): readonly Step[] =>
    planOf(network, { files: withAllUp(files, network), evidence }).steps;
  return {
    plan,
    after: (network: GoldenNetwork, files: Files = before) => filesAfter(files, plan(network, files)),
  };
}

/** The network with these further fields of the second VIF, or without a key of it. */
function withSecond(network: GoldenNetwork, fields: Fields | undefined): GoldenNetwork {
  const { b, ...others } = network.networking;
  return { ...network, networking: fields ? { ...others, b: { ...(b as Fields), ...fields } } : others };
}

function withReversedServers(network: GoldenNetwork): GoldenNetwork {
  const networking = Object.entries(network.networking).map(([key, fields]) => {
    const { dns } = fields as { readonly dns?: readonly string[] };
    return [key, { ...(fields as Fields), ...(dns && { dns: dns.toReversed() }) }] as const;
  });
  return { ...network, networking: Object.fromEntries(networking) };
}

for (const backend of backends) {
  test(`${backend}: name servers in another order are no change`, () => {
    const { plan, after } = createGuest(backend);
    for (const [vifs, dns] of [
      [2, servers],
      [1, servers],
      [2, servers.slice(0, 2)],
    ] as const) {
      const withServers = (list: readonly string[]): GoldenNetwork => {
        const network = twoVifs({ dns: list });
        const b =
          vifs === 2 ? { ...(network.networking["b"] as Fields), dns: list } : network.networking["b"];
        return { ...network, networking: { ...network.networking, b } };
      };
      const files = after(withServers(dns));
      assert.ok([...files.values()].some((text) => text.includes(servers[0] ?? "")));
      assert.equal(spellSteps(plan(withServers(dns.toReversed()), files)), "");
    }
  });

  test(`${backend}: name servers in another order are no change, whatever the network`, () => {
    const { plan, after } = createGuest(backend);
    fc.assert(
      fc.property(anyNetwork, (network) => {
        assert.equal(spellSteps(plan(withReversedServers(network), after(network))), "");
      }),
    );
  });

  test(`${backend}: a VIF without a key keeps what it had`, () => {
    const { plan, after } = createGuest(backend);
    for (const gateways of [{}, { gateway: null }]) {
      // Of two default routes one counts; without the first one's it is the second's.
      const both = withSecond(twoVifs(gateways), { gateway: "10.208.224.1", dns: servers });
      const files = after(both);
      const ips = [{ ip: "192.0.2.99", netmask: "255.255.255.0" }];
      const first = withSecond(twoVifs({ ...gateways, ips }), undefined);
      const steps = plan(first, files);
      assert.match(spellSteps(steps), /^(write|run) /m);
      assert.doesNotMatch(spellSteps(steps), /eth1|\ball\b/);
      const ofSecond = (texts: Files): string[] =>
        [...texts.values()].flatMap((text) => text.split("\n").filter((line) => line.includes("10.208.22")));
      assert.deepEqual(ofSecond(filesAfter(files, steps)).sort(), ofSecond(files).sort());
    }
  });

  test(`${backend}: name servers that the host no longer names go`, () => {
    const { plan, after } = createGuest(backend);
    const files = after(withSecond(twoVifs({ dns: servers }), { dns: servers.slice(1) }), after(twoVifs()));
    assert.ok(servers.some((server) => [...files.values()].some((text) => text.includes(server))));
    for (const dns of [undefined, []]) {
      const without = withSecond(twoVifs({ dns }), { dns });
      const rest = after(without, files);
      for (const [path, text] of rest) {
        assert.ok(!servers.some((server) => text.includes(server)), `${path}\n${text}`);
      }
      assert.equal(spellSteps(plan(without, rest)), "");
    }
  });

  test(`${backend}: an MTU that the host no longer names goes`, () => {
    const { plan, after } = createGuest(backend);
    const files = after(twoVifs({ mtu: 1312 }));
    assert.ok([...files.values()].some((text) => text.includes("1312")));
    const rest = after(twoVifs(), files);
    for (const [path, text] of rest) assert.doesNotMatch(text, /1312/, path);
    assert.equal(spellSteps(plan(twoVifs(), rest)), "");
  });
}
