import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { GUEST_START_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { type DiskHost, domainOf } from "../disk-host.ts";
import { openInstances } from "../instances.ts";
import { pings } from "../networks.ts";
import { measured } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** A guest reboots by itself: xl makes its next domain, and knows nothing of `vm-data`. */
export function ownReboot(host: DiskHost): void {
  const { connector, xenstore, toolstack } = host;

  xenTest(
    host,
    "a guest that reboots by itself finds what the host wants before its agent looks",
    async () => {
      const instances = await openInstances(host);
      const { id } = await instances.build({
        kind: "plain",
        password: "Before the reboot",
        hasNetwork: true,
      });
      const before = await domainOf(host, id);
      const wanted = await readVmData(host, before.domid);
      assert.equal(wanted["hostname"], "web");
      // Only an agent that finds vm-data at its start brings these back.
      await host.run(
        before,
        `set -e
      echo forgotten >/etc/hostname
      printf 'auto lo\\niface lo inet loopback\\n' >/etc/network/interfaces
      { sleep 0.5; reboot; } >/dev/null 2>&1 &`,
      );
      const startedAt = performance.now();
      const atMs = (): number => Math.round(performance.now() - startedAt);
      const after = await waitFor(
        async () => {
          const domain = await toolstack.find(id);
          return domain === undefined || domain.domid === before.domid ? undefined : domain;
        },
        { what: "the next domain", timeoutMs: GUEST_START_TIMEOUT_MS },
      );
      await waitFor(() => xenstore.exists(`/local/domain/${after.domid}/vm-data/hostname`), {
        what: "vm-data of the next domain",
        timeoutMs: GUEST_START_TIMEOUT_MS,
      });
      measured("A guest's own reboot, until vm-data is there", `${atMs()} ms`);
      await readVersion(connector, { domid: after.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
      measured("A guest's own reboot, until its agent answers", `${atMs()} ms`);
      assert.deepEqual(await readVmData(host, after.domid), wanted);
      assert.equal(await host.run(after, "hostname"), "web\n");
      assert.ok(await pings("198.51.100.2"));
      // On a slow host it has no domain for so long that it counts as stopped for a while.
      await waitFor(async () => (await instances.settled(id)).vmState === "active", {
        what: "the instance, active",
        timeoutMs: PROGRAM_TIMEOUT_MS,
      });
      await instances.remove(id);
      await instances.service.close();
    },
  );
}

/** What a guest is told of itself and its network: text by path below `vm-data`. */
async function readVmData({ xenstore }: DiskHost, domid: number): Promise<Record<string, string>> {
  const root = `/local/domain/${domid}/vm-data`;
  const paths = ["hostname"];
  for (const folder of ["networking", "user-metadata"]) {
    for (const name of await xenstore.list(`${root}/${folder}`)) paths.push(`${folder}/${name}`);
  }
  const texts = paths.map(async (path) => [path, await xenstore.readText(`${root}/${path}`)] as const);
  return Object.fromEntries(await Promise.all(texts));
}
