import assert from "node:assert/strict";
import { measured, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** Figures of the guest for the table at the end of a run. */
export function record(world: World): void {
  const { guest } = world;

  xenTest(world, "a read of XenStore in the guest is measured", async () => {
    const output = await guest.run("node /usr/lib/nova-agent/e2e-xen/measure-reads.js");
    const times = output.trim().split("\n").map(Number);
    times.sort((left, right) => left - right);
    assert.ok(
      times.every((time) => time >= 0),
      output,
    );
    measured(
      "Read of XenStore in the guest, median",
      `${times[Math.floor(times.length / 2)]?.toFixed(2)} ms`,
    );
  });

  xenTest(world, "the agent's memory is measured", async () => {
    const rollup = await guest.run("cat /proc/$(agent-pid)/smaps_rollup");
    for (const name of ["Rss", "Pss", "Private_Dirty"]) {
      const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(rollup)?.[1];
      assert.ok(kib !== undefined, rollup);
      measured(`Agent's memory at the end, ${name}`, `${(Number(kib) / 1024).toFixed(1)} MiB`);
    }
  });
}
