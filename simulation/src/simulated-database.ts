import type { Image, InstanceDatabase, Network } from "@nova-agent/host";
import { memoryDatabase, type MemoryDatabase } from "@nova-agent/host/testing";
import { gated } from "./gate.ts";
import type { SimulatedClock } from "./simulated-clock.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

/** The networks that instances are in: one with a gateway, and one without. */
export const NETWORK_IDS = ["public", "private"] as const;

/** The database of instances, which outlives the service. */
export class SimulatedDatabase {
  readonly memory: MemoryDatabase;

  constructor(clock: SimulatedClock) {
    this.memory = memoryDatabase(() => new Date(clock.nowMs()));
  }

  /** Puts images, networks and the like in. */
  async fill(): Promise<void> {
    const { inventory } = this.memory;
    await inventory.insertFlavor({ id: "small", name: "small", vcpus: 1, ramMib: 512, diskGib: 4 });
    await inventory.insertImage(image("debian", { isRescue: false }));
    await inventory.insertImage(image("rescue", { isRescue: true }));
    await inventory.insertNetwork(network("public", { cidr: "10.1.0.0/24", gateway: "10.1.0.1" }));
    await inventory.insertNetwork(network("private", { cidr: "10.2.0.0/24", gateway: undefined }));
  }

  /** The connection of a process: every statement takes time, and may be its last. */
  connect(process: SimulatedProcess, mayDie: (where: string) => void): InstanceDatabase {
    const gate = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
      await new Promise<void>((resolve) => {
        process.clock.after(1, resolve);
      });
      mayDie(`before ${name}`);
      if (!process.isAlive) return new Promise(() => undefined);
      const result = await act();
      mayDie(`after ${name}`);
      return process.isAlive ? result : new Promise(() => undefined);
    };
    const { instances, actions, inventory, audit } = this.memory;
    return {
      instances: gated(instances, gate),
      actions: gated(actions, gate),
      inventory: gated(inventory, gate),
      audit: gated(audit, gate),
    };
  }
}

function image(id: string, { isRescue }: Pick<Image, "isRescue">): Image {
  const needs = { minDiskGib: 0, minRamMib: 0, createdAt: new Date(0) };
  return { id, name: id, hasAgent: true, isRescue, reference: id, osType: "linux", ...needs };
}

function network(id: string, { cidr, gateway }: Pick<Network, "cidr" | "gateway">): Network {
  const none = { projectId: undefined, cidr6: undefined, gateway6: undefined, dns: [], routes: [] };
  return { id, name: id, bridge: `br-${id}`, cidr, gateway, ...none };
}
