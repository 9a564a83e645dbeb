import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { GUEST_START_TIMEOUT_MS, MOVE_TIMEOUT_MS } from "../../limits.ts";
import { tell, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

const image = "/tmp/guest.image";

/** What was written before, with what the toolstack makes anew for a guest that it restores. */
const keys = ["attr/PVAddons/Installed", "attr/vif/0/ipv4/0", "data/os_distro", "data/updated"] as const;

/** `xl save` and `xl restore`, as a migration does it: a new domid, nothing of what the guest had written. */
export function systemdRestored(world: World): void {
  const { guest, connector, xenstore } = world;

  xenTest(world, "a guest that was restored is reported anew, by the same xe-daemon", async () => {
    const pid = await guest.run("systemctl show --property MainPID --value xe-daemon.service");
    const before = guest.domid;
    tell("Saving and restoring the guest");
    await guest.save(image);
    await guest.restore(image);
    assert.notEqual(guest.domid, before);
    for (const key of keys) {
      await waitFor(() => xenstore.exists(`${guest.path}/${key}`), { what: key, timeoutMs: MOVE_TIMEOUT_MS });
    }
    assert.equal(await guest.run("systemctl show --property MainPID --value xe-daemon.service"), pid);
    await readVersion(connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
  });
}
