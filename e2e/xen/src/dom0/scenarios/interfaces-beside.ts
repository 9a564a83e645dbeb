import assert from "node:assert/strict";
import { resetNetwork } from "@nova-agent/host";
import { describeInterfacesBeside, makeInterfacesBeside } from "../interfaces-beside.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedAtFirst, wantedLater } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** What is not one of the host's VIFs is the owner's. */
export function interfacesBesideVifs(world: World): void {
  const { connector, guest, xenstore } = world;

  xenTest(world, "resetnetwork leaves bonds, VLANs, bridges and dummies as they are", async () => {
    await makeInterfacesBeside(guest);
    const before = await describeInterfacesBeside(guest);
    await writeVmData(xenstore, { domid: guest.domid, data: wantedAtFirst });
    assert.equal((await resetNetwork(connector, { domid: guest.domid })).isConfirmed, true);
    assert.ok(await pings("198.51.100.10"), "The VIF's new address does not answer");
    assert.equal(await describeInterfacesBeside(guest), before);
    await writeVmData(xenstore, { domid: guest.domid, data: wantedLater });
    assert.equal((await resetNetwork(connector, { domid: guest.domid })).isConfirmed, true);
    assert.equal(await describeInterfacesBeside(guest), before);
  });
}
