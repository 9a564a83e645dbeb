import type { Flavor, Image, Instance, Network, Port } from "@nova-agent/host";
import { sampleInstance } from "@nova-agent/host/testing";

/** An id that is easy to read: the number in place of all else. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

export const small: Flavor = { id: "f1", name: "m1.small", vcpus: 1, ramMib: 512, diskGib: 10 };

export const debian: Image = {
  id: idOf(900),
  name: "debian",
  hasAgent: true,
  isRescue: false,
  reference: "debian",
  osType: "linux",
  minDiskGib: 1,
  minRamMib: 256,
  createdAt: new Date("2026-01-01T00:00:00Z"),
};

export const rescueImage: Image = { ...debian, id: idOf(901), name: "rescue", isRescue: true };

export const publicNet: Network = {
  id: idOf(800),
  projectId: undefined,
  name: "public",
  bridge: "xenbr0",
  cidr: "192.0.2.0/24",
  cidr6: "2001:db8::/64",
  gateway: "192.0.2.1",
  gateway6: "2001:db8::1",
  dns: ["192.0.2.53"],
  routes: [],
};

/** An active instance of the project p1, whose agent has answered. */
export function instanceOf(changes: Partial<Instance> = {}): Instance {
  const launchedAt = new Date("2026-01-02T03:04:05.678Z");
  const own = { imageId: debian.id, flavorId: small.id, metadata: { role: "front" }, agentVersion: "1.39.1" };
  return sampleInstance({ id: idOf(1), ...own, launchedAt, ...changes });
}

/** The first network card of an instance, in the public network. */
export function portOf(changes: Partial<Port> = {}): Port {
  return {
    id: idOf(700),
    instanceId: idOf(1),
    networkId: publicNet.id,
    mac: "00:16:3e:00:00:01",
    index: 0,
    fixedIps: [
      { address: "192.0.2.10", prefixLength: 24 },
      { address: "2001:db8::10", prefixLength: 64 },
    ],
    ...changes,
  };
}
