import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { HostError } from "@nova-agent/host";
import {
  type DiskToolstackUnderTest,
  testDiskContract,
  testToolstackContract,
  type ToolstackContractTools,
} from "@nova-agent/host/testing";
import { runChecked, waitFor } from "@nova-agent/testbed";
import { nodeClock } from "@nova-agent/xenstore/node";
import { GUEST_START_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { type DiskHost, diskGuestMemoryMib } from "../disk-host.ts";
import { publicBridge } from "../networks.ts";
import { xenTest } from "../xen-test.ts";

const MOUNTED_AT = "/mnt/rescue";
const DATA_DISK = "/run/data.img";

/** The host's toolstack on the real xl: the suite that every toolstack passes. */
export function toolstack(host: DiskHost): void {
  const underTest: DiskToolstackUnderTest = {
    toolstack: host.toolstack,
    xenstore: host.xenstore,
    clock: nodeClock,
    images: { own: "plain", rescue: "plain" },
    memoryMib: diskGuestMemoryMib.plain,
    bridge: publicBridge.name,
    bootTimeoutMs: GUEST_START_TIMEOUT_MS,
    async readGuestFile(guest, path) {
      const { status, output } = await host.attempt(guest, `cat ${path}`);
      return status === 0 ? output : undefined;
    },
    async rescuedPath(guest, path) {
      await host.run(guest, `mkdir -p ${MOUNTED_AT} && mount /dev/xvdb1 ${MOUNTED_AT}`);
      return MOUNTED_AT + path;
    },
    diskPath: DATA_DISK,
    awaitDevice: async (guest, device, isThere) => {
      const wanted = isThere ? 0 : 1;
      await waitFor(async () => (await host.attempt(guest, `test -b /dev/${device}`)).status === wanted, {
        what: `${device} ${isThere ? "in" : "gone from"} the guest`,
        timeoutMs: PROGRAM_TIMEOUT_MS,
      });
    },
    close: () => Promise.resolve(),
  };
  const start = async () => {
    await runChecked({ argv: ["truncate", "-s", "16M", DATA_DISK], timeoutMs: PROGRAM_TIMEOUT_MS });
    return underTest;
  };
  const tools: ToolstackContractTools = {
    assert,
    test: (name, body) => xenTest(host, `xl: ${name}`, body),
  };
  testToolstackContract(start, tools);
  testDiskContract(start, tools);
  heldDisk(host, start);
}

function heldDisk(host: DiskHost, start: () => Promise<DiskToolstackUnderTest>): void {
  xenTest(host, "xl: a disk that the guest has in use stays until it lets go", async () => {
    const { toolstack, awaitDevice } = await start();
    const uuid = randomUUID();
    const disk = { device: "xvdc", path: DATA_DISK, format: "raw" } as const;
    const make = { boot: "own", image: "plain", memoryMib: diskGuestMemoryMib.plain, vcpus: 1 } as const;
    const guest = await toolstack.create({ ...make, uuid, name: "holds", vifs: [], vmData: {} });
    await toolstack.attachDisk(uuid, disk);
    await awaitDevice(guest, disk.device, true);
    await host.run(guest, "sleep 3600 </dev/xvdc >/dev/null 2>&1 & echo $! >/run/holder");
    await assert.rejects(
      toolstack.detachDisk(uuid, disk.device),
      (error) => error instanceof HostError && error.code === "TOOLSTACK_FAILED",
    );
    await host.run(guest, "test -b /dev/xvdc && kill $(cat /run/holder)");
    await toolstack.detachDisk(uuid, disk.device);
    await awaitDevice(guest, disk.device, false);
    await toolstack.destroy(uuid);
    await toolstack.removeDisks(uuid);
  });
}
