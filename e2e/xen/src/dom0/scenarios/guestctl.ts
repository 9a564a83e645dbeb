import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import type { ProgramOutcome } from "@nova-agent/testbed";
import type { Guest } from "../guest.ts";
import { verifiesPassword } from "../guest-password.ts";
import { runGuestctl } from "../guestctl.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedInPlaceOf } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** What guestctl ends with when nobody answered in time. */
const TIMED_OUT = 5;
const WAIT_SECONDS = 4;
const silentName = "silent";

/** The operator's command in Dom0, for a guest with an agent and one without at the same time. */
export function guestctl(world: World): void {
  const { guest } = world;
  let silentGuest: Guest | undefined;

  /** The outcome for the guest, once the other one was given up as it should. */
  const runForBoth = async (
    command: string,
    options: { asks: string; stdin?: string },
  ): Promise<ProgramOutcome> => {
    const [outcome, silent] = await Promise.all([
      runGuestctl([command, guest.name], options.stdin),
      runGuestctl(["--timeout", String(WAIT_SECONDS), command, silentName], options.stdin),
    ]);
    assert.equal(silent.status, TIMED_OUT, silent.stderr);
    const words = `No agent answered "${options.asks}" in domain ${silentGuest?.domid} within ${WAIT_SECONDS} s`;
    assert.ok(silent.stderr.includes(words), silent.stderr);
    assert.equal(outcome.status, 0, outcome.stderr);
    return outcome;
  };

  xenTest(world, "guestctl list shows a guest with an agent and one without", async () => {
    silentGuest = await world.addGuest({ name: silentName, vifs: [], hasAgent: false });
    await silentGuest.start();
    const { stdout, stderr } = await runGuestctl(["list"]);
    for (const { domid, name } of [guest, silentGuest]) {
      assert.match(stdout, new RegExp(`^${domid}\\s+${name}\\s+[0-9a-f-]{36}\\s+yes`, "m"), stderr);
    }
  });

  xenTest(world, "guestctl version answers for the one and gives up on the other", async () => {
    const { stdout } = await runForBoth("version", { asks: "version" });
    const { version } = await readVersion(world.connector, { domid: guest.domid });
    assert.equal(stdout, `${version}\n`);
  });

  xenTest(world, "guestctl password sets it in the one and gives up on the other", async () => {
    const password = "From the operator 42";
    await runForBoth("password", { asks: "keyinit", stdin: `${password}\n` });
    assert.equal(await verifiesPassword(guest, password), true);
  });

  xenTest(world, "guestctl reset-network does so in the one and gives up on the other", async () => {
    const { data, address } = wantedInPlaceOf(await guest.run("cat /etc/network/interfaces"));
    await writeVmData(world.xenstore, { domid: guest.domid, data });
    await runForBoth("reset-network", { asks: "resetnetwork" });
    assert.ok(await pings(address), `${address} does not answer`);
  });
}
