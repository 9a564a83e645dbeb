import assert from "node:assert/strict";
import { readVersion, resetNetwork } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { GUEST_START_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { pings, privateBridge } from "../networks.ts";
import { type VmData, writeVmData } from "../vm-data.ts";
import { wantedAtFirst, wantedLater } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** The host wants something of a guest before the guest, or its agent, runs. */
export function startUp(world: World): void {
  firstStart(world);
  startsWithoutRequest(world);
}

function firstStart(world: World): void {
  const { xenstore, connector, guest } = world;

  xenTest(world, "a request that lay there before the guest started is answered", async () => {
    const { domid } = guest;
    await writeVmData(xenstore, { domid, data: wantedAtFirst });
    const answer = resetNetwork(connector, { domid, timeoutMs: GUEST_START_TIMEOUT_MS });
    await guest.start();
    assert.deepEqual(await answer, { domid, isConfirmed: true, message: "" });
  });

  xenTest(world, "the host name is in the guest's files and in its kernel", async () => {
    assert.equal(await guest.run("cat /etc/hostname"), "web-1\n");
    assert.equal(await guest.run("cat /proc/sys/kernel/hostname"), "web-1\n");
    assert.match(await guest.run("cat /etc/hosts"), /^127\.0\.1\.1\s+web-1$/m);
  });

  xenTest(world, "the network is in the guest's files and in its kernel", async () => {
    const interfaces = await guest.run("cat /etc/network/interfaces");
    for (const text of ["198.51.100.10", "2001:db8:51::10", "10.208.227.239", "10.176.0.0"]) {
      assert.ok(interfaces.includes(text), `${text} is not in\n${interfaces}`);
    }
    const addresses = await guest.run("ip -brief address show dev eth0; ip -brief address show dev eth1");
    for (const text of ["198.51.100.10/24", "2001:db8:51::10/64", "10.208.227.239/19"]) {
      assert.ok(addresses.includes(text), `${text} is not in\n${addresses}`);
    }
    const routes = await guest.run("ip route show; ip -6 route show default");
    assert.match(routes, /^default via 198\.51\.100\.1 dev eth0/m);
    assert.match(routes, /^10\.176\.0\.0\/12 via 10\.208\.224\.1 dev eth1/m);
    assert.match(routes, /^default via 2001:db8:51::1 dev eth0/m);
    assert.match(await guest.run("cat /etc/resolv.conf"), /^nameserver 198\.51\.100\.1$/m);
  });

  xenTest(world, "Dom0 reaches the guest through its netback interfaces", async () => {
    for (const address of ["198.51.100.10", "2001:db8:51::10", "10.208.227.239"]) {
      assert.ok(await pings(address), `${address} does not answer`);
    }
    assert.match(
      await guest.run(`ping -c 1 -W 2 ${privateBridge.addresses[0]?.split("/")[0]}`),
      /1 packets? received/,
    );
  });

  xenTest(world, "the agent says which version it is", async () => {
    const { version } = await readVersion(connector, { domid: guest.domid });
    assert.equal(await guest.run("nova-agent --version"), `nova-agent ${version}\n`);
  });
}

/** Starts of the agent on which the host asks for nothing: what it wants stands in vm-data alone. */
function startsWithoutRequest(world: World): void {
  const { guest, xenstore } = world;

  // There and back again: what comes behind expects the guest as it was.
  for (const [data, there, gone] of [
    [wantedLater, "198.51.100.20", "198.51.100.10"],
    [wantedAtFirst, "198.51.100.10", "198.51.100.20"],
  ] as const satisfies readonly (readonly [VmData, string, string])[]) {
    xenTest(world, `an agent that starts gives the guest ${there} without being asked`, async () => {
      await writeVmData(xenstore, { domid: guest.domid, data });
      await restartAgent(world);
      assert.ok(await pings(there), `${there} does not answer`);
      assert.equal(await pings(gone), false, `${gone} still answers`);
      assert.equal(await guest.run("hostname"), `${data.hostname}\n`);
    });
  }

  xenTest(world, "an agent that starts where all is as wanted writes and restarts nothing", async () => {
    const look = "stat -c '%n %y' /etc/hostname /etc/hosts /etc/network/interfaces /run/network/ifstate";
    const before = await guest.run(look);
    await restartAgent(world);
    assert.equal(await guest.run(look), before);
    assert.ok(await pings("198.51.100.10"));
  });
}

/** Ends the agent, which its service starts again; resolves when the new one has done its start-up work. */
async function restartAgent({ guest, connector }: World): Promise<void> {
  const pid = await guest.run("cat /run/nova-agent.pid");
  await guest.run("kill $(cat /run/nova-agent.pid)");
  await waitFor(async () => (await guest.run("cat /run/nova-agent.pid")) !== pid, {
    what: "another process of the agent",
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  // Requests are served when the start-up work is done.
  await readVersion(connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
}
