import assert from "node:assert/strict";
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

/**
 * Of the suites that every toolstack passes, what no other scenario here does on the way: those boot, end and
 * rescue guests too, and each boot takes long.
 */
const contractsOnXen: readonly string[] = [
  "a soft reboot keeps disk, vm-data and cards under a new domid",
  "cards come and go while the guest runs",
  "what is not there is named, and what cannot be is refused",
  "disks come and go while the guest runs, and stay over a reboot",
];

/** The host's toolstack on the real xl. */
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
  const registered: string[] = [];
  const tools: ToolstackContractTools = {
    assert,
    test(name, body) {
      if (!contractsOnXen.includes(name)) return;
      registered.push(name);
      xenTest(host, `xl: ${name}`, body);
    },
  };
  testToolstackContract(start, tools);
  testDiskContract(start, tools);
  assert.deepEqual(registered, contractsOnXen, "A contract has another name now");
}
