import assert from "node:assert/strict";
import { describe, type TestContext } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { actInGuest } from "./safe-apply-guest.ts";
import type { Action, GuestState, ProgramFault } from "./safe-apply-program.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 240_000;

/** They wait for programs that hang and gateways that do not answer. */
const GUESTS_AT_ONCE = 2;

function network(hostname: string, number: 1 | 2, gateway = 1) {
  const prefix = number === 1 ? "192.0.2" : "198.51.100";
  return {
    kind: "reset",
    hostname,
    networking: {
      x: {
        label: "public",
        mac: "bc:76:4e:20:6c:5b",
        ips: [{ ip: `${prefix}.10`, netmask: "255.255.255.0" }],
        gateway: `${prefix}.${gateway}`,
        ip6s: [{ ip: `2001:db8:${number}::10`, netmask: 64 }],
        gateway_v6: `2001:db8:${number}::1`,
      },
    },
  } as const;
}

const toOld = network("old", 1);
const toNew = network("new", 2);
const recover: Action = { kind: "recover" };

function stateOf({ addresses, routes, hostname, interfaces, hasJournal }: GuestState) {
  const global = addresses.filter((address) => !address.startsWith("fe80:"));
  return { addresses: global.toSorted(), routes, hostname, interfaces, hasJournal };
}

/** Does things to a guest, and tells what it is like on its old and on its new network. */
async function actBetween(context: TestContext, actions: readonly Action[]) {
  const [old, wanted, ...states] = await actInGuest(context, [toOld, toNew, ...actions]);
  assert.ok(old && wanted);
  assert.deepEqual([old.failure, wanted.failure], [undefined, undefined]);
  assert.deepEqual(stateOf(old).addresses, ["192.0.2.10/24", "2001:db8:1::10/64"]);
  assert.deepEqual(stateOf(wanted).addresses, ["198.51.100.10/24", "2001:db8:2::10/64"]);
  return { old: stateOf(old), wanted: stateOf(wanted), states };
}

const kinds: readonly ProgramFault["kind"][] = ["fail", "failAfter", "hang", "missing"];

const disks: Readonly<Record<string, { readonly script: string; readonly failure: RegExp }>> = {
  "a full /etc/network": {
    script:
      "cp -a /etc/network /tmp/network.$$; mount -t tmpfs -o size=64k none /etc/network; " +
      "cp -a /tmp/network.$$/. /etc/network; rm -r /tmp/network.$$; " +
      "dd if=/dev/zero of=/etc/network/full bs=1k 2>/dev/null || true",
    failure: /^Cannot write "\/etc\/network\/interfaces": no space left on device/,
  },
  "a read-only /etc/network": {
    script: "mount --bind /etc/network /etc/network; mount -o remount,bind,ro /etc/network",
    failure: /^Cannot write "\/etc\/network\/interfaces": read-only file system/,
  },
  "a read-only /var/lib": {
    script: "mount -o remount,ro /var/lib",
    failure: /^Cannot write "\/var\/lib\/nova-agent\/journal": read-only file system/,
  },
};

const handMade = "192.0.2.77/24";
const add: Action = { kind: "shell", script: `ip address add ${handMade} dev eth0` };
/** The script edits the interface's stanza of the old network. */
const edit = (script: string): Action => ({
  kind: "shell",
  script: `sed -i '${script}' /etc/network/interfaces`,
});

describe("safe apply", { concurrency: GUESTS_AT_ONCE }, () => {
  systemTest(
    "a gateway that does not answer brings the old network back",
    { needs, timeoutMs },
    async (context) => {
      const { old, states } = await actBetween(context, [toOld, network("new", 2, 99)]);
      const [, failed] = states;
      assert.ok(failed);
      assert.equal(
        failed.failure,
        "The network is not as wanted: gateway 198.51.100.99 does not answer on eth0; " +
          "taken back, gateway 192.0.2.1, 2001:db8:1::1 answers again",
      );
      assert.deepEqual(stateOf(failed), old);
      assert.ok(failed.durationMs < 60_000);
    },
  );

  systemTest(
    "a gateway that lets no ping through answers by its hardware address",
    { needs, timeoutMs },
    async (context) => {
      const script = "ip netns exec host sh -c 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'";
      const unreachable = network("new", 2, 99);
      const actions = [{ kind: "shell", script }, toOld, unreachable, toNew] as const;
      const { old, wanted, states } = await actBetween(context, actions);
      const [, , failed, done] = states;
      assert.ok(failed && done);
      assert.match(failed.failure ?? "", /gateway 198\.51\.100\.99 does not answer on eth0; taken back/);
      assert.deepEqual(stateOf(failed), old);
      assert.equal(done.failure, undefined);
      assert.deepEqual(stateOf(done), wanted);
    },
  );

  for (const kind of kinds) {
    systemTest(
      `any one program that goes wrong (${kind}) leaves the old network or the new one`,
      { needs, timeoutMs },
      async (context) => {
        const faults = Array.from({ length: 8 }, (_, at) => ({ ...toNew, fault: { kind, at } }));
        const { old, wanted, states } = await actBetween(
          context,
          faults.flatMap((faulty) => [toOld, faulty]),
        );
        let met = 0;
        for (let at = 0; at < faults.length; at += 1) {
          const state = states[2 * at + 1];
          assert.ok(state);
          met += state.isMet ? 1 : 0;
          assert.deepEqual(
            stateOf(state),
            state.failure === undefined ? wanted : old,
            `${at}: ${state.failure}`,
          );
        }
        assert.ok(met >= 4, `${met} programs`);
      },
    );
  }

  systemTest(
    "an ifdown that hangs before it has taken anything away is taken back without a loss",
    { needs, timeoutMs },
    async (context) => {
      const hook = "/etc/network/if-down.d/hangs";
      const script = `mkdir -p /etc/network/if-down.d; printf '#!/bin/sh\\nexec sleep 1000\\n' >${hook}; chmod 755 ${hook}`;
      const faulty: Action = { ...toNew, hostname: "old", fault: { kind: "cutShort", at: 0 } };
      const { old, states } = await actBetween(context, [toOld, { kind: "shell", script }, faulty]);
      const [, shell, failed] = states;
      assert.ok(shell && failed);
      assert.equal(shell.failure, undefined);
      assert.match(failed.failure ?? "", /^Error stopping network: eth0: /);
      assert.doesNotMatch(failed.failure ?? "", /when taking back/);
      assert.deepEqual(stateOf(failed), old);
      assert.ok(failed.addresses.some((address) => address.startsWith("fe80:")));
    },
  );

  for (const kind of ["killBefore", "killAfter"] as const) {
    systemTest(
      `an agent killed at any program (${kind}) gives the old network back at its next start`,
      { needs, timeoutMs },
      async (context) => {
        const faults = Array.from({ length: 8 }, (_, at) => ({ ...toNew, fault: { kind, at } }));
        const { old, wanted, states } = await actBetween(
          context,
          faults.flatMap((faulty) => [toOld, faulty, recover, toNew]),
        );
        let killed = 0;
        for (let at = 0; at < faults.length; at += 1) {
          const [, cut, recovered, completed] = states.slice(4 * at, 4 * at + 4);
          assert.ok(cut && recovered && completed);
          killed += cut.hasJournal ? 1 : 0;
          assert.equal(recovered.failure, undefined);
          if (cut.failure === "killed") assert.deepEqual(stateOf(recovered), old, `killed at ${at}`);
          assert.deepEqual(stateOf(completed), wanted, `after ${at}`);
        }
        assert.ok(killed >= 4, `${killed} kills`);
      },
    );
  }

  for (const [what, { script, failure }] of Object.entries(disks)) {
    systemTest(`${what} leaves the old network`, { needs, timeoutMs }, async (context) => {
      const { old, states } = await actBetween(context, [toOld, { kind: "shell", script }, toNew]);
      const [, shell, failed] = states;
      assert.ok(shell && failed);
      assert.equal(shell.failure, undefined);
      assert.match(failed.failure ?? "", failure);
      assert.deepEqual(stateOf(failed), old);
    });
  }

  systemTest(
    "undo gives every file back as it was before the first reset",
    { needs, timeoutMs },
    async (context) => {
      const noop: Action = { kind: "shell", script: "true" };
      const [before, , , undone] = await actInGuest(context, [noop, toOld, toNew, { kind: "undo" }]);
      assert.ok(before && undone);
      assert.equal(undone.interfaces, before.interfaces);
      assert.equal(undone.hostname, before.hostname);
    },
  );

  systemTest(
    "what an earlier reset or somebody's file gave an interface goes with the next network",
    { needs, timeoutMs },
    async (context) => {
      const alias = `/^iface eth0 inet static/i iface eth0 inet static\\n    address ${handMade}`;
      const { wanted, states } = await actBetween(context, [
        toOld,
        toNew,
        toOld,
        edit("s/address 192.0.2.10/address 192.0.2.11/"),
        toNew,
        toOld,
        edit(alias),
        add,
        toNew,
        toOld,
        add,
        toNew,
      ]);
      for (const index of [1, 4, 8, 11]) {
        const state = states[index];
        assert.ok(state);
        assert.equal(state.failure, undefined);
        assert.deepEqual(stateOf(state), wanted, `after ${index + 1} actions`);
        assert.deepEqual(state.removals, []);
      }
    },
  );

  systemTest(
    "an address that no file names stays while nothing else changes, and the log names it",
    { needs, timeoutMs },
    async (context) => {
      const { old, states } = await actBetween(context, [toOld, add, toOld]);
      const [, added, reset] = states;
      assert.ok(added && reset);
      assert.deepEqual(stateOf(reset), stateOf(added));
      assert.deepEqual(stateOf(reset).addresses, [...old.addresses, handMade].toSorted());
      assert.deepEqual(reset.removals, [`ip address del ${handMade} dev eth0`]);
    },
  );
});
