import assert from "node:assert/strict";
import { describe } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { actInGuest } from "./safe-apply-guest.ts";
import type { Action, GuestState } from "./safe-apply-program.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 240_000;

/** A network that answers, and of which `/etc/network/interfaces` says nothing. */
const setByHand: Action = {
  kind: "shell",
  script: [
    "ip link set eth0 up mtu 1400",
    "ip address add 192.0.2.5/24 brd + dev eth0",
    "ip address add 192.0.2.6/32 dev eth0",
    "ip address add 2001:db8:1::5/64 dev eth0 nodad",
    "ip route add default via 192.0.2.1 dev eth0 src 192.0.2.6",
    "ip route add 10.0.0.0/8 via 192.0.2.1 dev eth0 metric 7",
    "ip route add 203.0.113.0/24 via 100.64.0.1 dev eth0 onlink",
    "ip -6 route add default via 2001:db8:1::1 dev eth0 metric 99",
  ].join("; "),
};

function network(gateway: string): Extract<Action, { kind: "reset" }> {
  const ips = [{ ip: "192.0.2.10", netmask: "255.255.255.0" }];
  const ip6s = [{ ip: "2001:db8:1::10", netmask: 64 }];
  const link = { label: "public", mac: "bc:76:4e:20:6c:5b", ips, gateway, ip6s, gateway_v6: "2001:db8:1::1" };
  return { kind: "reset", hostname: "web-1", networking: { x: { ...link, mtu: 1500 } } };
}

const toDead = network("192.0.2.99");

function kernelOf({ addresses, routes }: GuestState) {
  return { addresses: addresses.toSorted(), routes: routes.toSorted() };
}

describe("networks that no file describes", { concurrency: 2 }, () => {
  systemTest(
    "a network that no file describes is there again when a reset is taken back",
    { needs, timeoutMs },
    async (context) => {
      const [before, failed] = await actInGuest(context, [setByHand, toDead]);
      assert.ok(before && failed);
      assert.equal(before.failure, undefined);
      assert.equal(before.routes.length, 4);
      assert.match(failed.failure ?? "", /gateway 192\.0\.2\.99 does not answer on eth0/);
      assert.match(failed.failure ?? "", /taken back, gateway 192\.0\.2\.1, 2001:db8:1::1 answers again$/);
      assert.deepEqual(kernelOf(failed), kernelOf(before));
      assert.equal(failed.interfaces, before.interfaces);
      assert.ok(!failed.hasJournal);
    },
  );

  systemTest(
    "a network that no file describes is there again after the start behind a kill",
    { needs, timeoutMs },
    async (context) => {
      const kills = [0, 1, 2, 3].flatMap((at): Action[] => [
        { ...toDead, fault: { kind: "killAfter", at } },
        { kind: "recover" },
      ]);
      const [before, ...states] = await actInGuest(context, [setByHand, ...kills]);
      assert.ok(before);
      for (const [index, state] of states.entries()) {
        if (index % 2 === 0) continue;
        assert.equal(states[index - 1]?.failure, "killed");
        assert.deepEqual(kernelOf(state), kernelOf(before), `kill ${(index - 1) / 2}`);
      }
    },
  );
});
