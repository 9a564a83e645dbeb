import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { GUEST_START_TIMEOUT_MS } from "../../limits.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedAtFirst } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** A guest that systemd boots, with the agent as its service. */
export function systemdStart(world: World): void {
  const { connector, guest, xenstore } = world;

  xenTest(world, "the agent of a guest that systemd boots answers", async () => {
    const { domid } = guest;
    await writeVmData(xenstore, { domid, data: wantedAtFirst });
    await guest.start();
    const { version } = await readVersion(connector, { domid, timeoutMs: GUEST_START_TIMEOUT_MS });
    assert.notEqual(version, "");
  });
}
