import type { DiskSpec, DiskToolstack, DomainInfo } from "../ports/toolstack.ts";
import {
  assertRefused,
  contractTest,
  type ToolstackContractTools,
  type ToolstackUnderTest,
} from "./contract-world.ts";

/** A toolstack with a disk of its host that nothing uses. */
export interface DiskToolstackUnderTest extends ToolstackUnderTest {
  readonly toolstack: DiskToolstack;
  readonly diskPath: string;
  /** Resolves when the guest has the device, or has it no more. */
  readonly awaitDevice: (guest: DomainInfo, device: string, isThere: boolean) => Promise<void>;
}

/** Registers the tests that every toolstack with disks of its host must pass beside those of all toolstacks. */
export function testDiskContract(
  start: () => Promise<DiskToolstackUnderTest>,
  tools: ToolstackContractTools,
): void {
  contractTest(
    { start, tools },
    "disks come and go while the guest runs, and stay over a reboot",
    async (world) => {
      const { host } = world;
      const { toolstack, diskPath } = host;
      const disk: DiskSpec = { device: "xvdc", path: diskPath, format: "raw" };
      const before = await world.create();
      await world.awaitAgent(before);
      await toolstack.attachDisk(world.uuid, disk);
      await toolstack.attachDisk(world.uuid, disk);
      await host.awaitDevice(before, disk.device, true);
      const other: DiskSpec = { ...disk, path: `${diskPath}.other` };
      await assertRefused(tools, toolstack.attachDisk(world.uuid, other), "TOOLSTACK_FAILED");
      const after = await toolstack.reboot(world.uuid, "soft");
      await world.awaitAgent(after);
      await host.awaitDevice(after, disk.device, true);
      await toolstack.detachDisk(world.uuid, disk.device);
      await toolstack.detachDisk(world.uuid, disk.device);
      await host.awaitDevice(after, disk.device, false);
      await assertRefused(
        tools,
        toolstack.attachDisk(world.uuid, { ...disk, device: "xvda" }),
        "TOOLSTACK_FAILED",
      );
    },
  );

  contractTest({ start, tools }, "no disk is attached where no domain runs", async (world) => {
    const { toolstack, diskPath } = world.host;
    const disk: DiskSpec = { device: "xvdc", path: diskPath, format: "raw" };
    await assertRefused(tools, toolstack.attachDisk(world.uuid, disk), "NO_SUCH_DOMAIN");
    await assertRefused(tools, toolstack.detachDisk(world.uuid, disk.device), "NO_SUCH_DOMAIN");
  });
}
