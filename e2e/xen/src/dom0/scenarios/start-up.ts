import assert from "node:assert/strict";
import { readVersion, resetNetwork } from "@nova-agent/host";
import { GUEST_START_TIMEOUT_MS } from "../../limits.ts";
import { pings, privateBridge } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedAtFirst } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** The host wants something of a guest before the guest runs for the first time. */
export function startUp(world: World): void {
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
    const program = "node /usr/lib/nova-agent/node_modules/@nova-agent/guest-agent/bin/nova-agent.mjs";
    assert.equal(await guest.run(`${program} --version`), `nova-agent ${version}\n`);
  });
}
