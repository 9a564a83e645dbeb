import assert from "node:assert/strict";
import { describe } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { GUESTS_AT_ONCE, MANAGED_TIMEOUT_MS, resetManagedGuest } from "./managed-guest.ts";

const vifs = [0, 1].map((index) => ({ name: `eth${index}`, mac: `00:16:3e:00:00:0${index + 1}`, index }));
const needs = ["root", "namespaces", "apt", "ip"] as const;
const timeoutMs = MANAGED_TIMEOUT_MS;

/** Outside every subnet of the links. */
const gateway_v6 = "2001:db8:9::1";

function linkOf(index: number) {
  return { mac: vifs[index]?.mac, ip6s: [{ ip: `2001:db8:5::${index + 1}`, netmask: 128 }] };
}

describe("IPv6 gateways", { concurrency: GUESTS_AT_ONCE }, () => {
  systemTest(
    "networkd gives two interfaces one IPv6 gateway outside their subnets, and takes it from either",
    { needs, timeoutMs },
    async (context) => {
      const [first, second] = [linkOf(0), linkOf(1)];
      const [only, both, other] = [
        { eth0: { ...first, gateway_v6 }, eth1: second },
        { eth0: { ...first, gateway_v6 }, eth1: { ...second, gateway_v6 } },
        { eth0: first, eth1: { ...second, gateway_v6 } },
      ];
      const networks = [only, both, only, other, both, other, only];
      const resets = networks.map((networking) => ({ networking }));
      const outcomes = await resetManagedGuest(context, { manager: "networkd", vifs, resets });
      const routes = [`default via ${gateway_v6}`];
      const expected = new Map<object, object>([
        [only, { eth0: routes, eth1: [] }],
        [both, { eth0: routes, eth1: [`default via ${gateway_v6} metric 2049`] }],
        [other, { eth0: [], eth1: routes }],
      ]);
      for (const [index, { error, interfaces }] of outcomes.entries()) {
        assert.equal(error, undefined);
        const found = { eth0: interfaces["eth0"]?.routes, eth1: interfaces["eth1"]?.routes };
        assert.deepEqual(found, expected.get(networks[index] ?? only));
      }
    },
  );

  for (const manager of ["networkd", "netplan"] as const) {
    systemTest(
      `${manager} reaches an IPv6 gateway outside every subnet to which another interface's route leads`,
      { needs, timeoutMs },
      async (context) => {
        const routes = [{ route: "2001:db8::", netmask: "36", gateway: "2001:db8:a::1" }];
        const networking = {
          eth0: { ...linkOf(0), gateway_v6 },
          eth1: { mac: vifs[1]?.mac, ip6s: [{ ip: "2001:db8:a::10", netmask: 64 }], routes },
        };
        const [outcome] = await resetManagedGuest(context, { manager, vifs, resets: [{ networking }] });
        assert.equal(outcome?.error, undefined);
        assert.deepEqual(outcome?.interfaces["eth0"]?.routes, [`default via ${gateway_v6}`]);
        assert.deepEqual(outcome.interfaces["eth1"]?.routes, ["2001:db8::/36 via 2001:db8:a::1"]);
      },
    );
  }
});
