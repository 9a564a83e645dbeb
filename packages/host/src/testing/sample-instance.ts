import type { Instance } from "../instances/instance.ts";

/** An instance as tests need one: active since 2026, without metadata, an agent's version or a fault. */
export function sampleInstance(changes: Partial<Instance> = {}): Instance {
  const at = new Date("2026-01-02T03:04:05.678Z");
  return {
    id: "00000000-0000-4000-8000-000000000001",
    projectId: "p1",
    userId: "u1",
    name: "web",
    hostname: "web",
    imageId: "debian",
    flavorId: "small",
    keyName: null,
    vmState: "active",
    taskState: null,
    progress: 100,
    rescueImageId: null,
    metadata: {},
    agentVersion: null,
    agentSeenAt: null,
    agentSilentSince: null,
    agentFeatures: null,
    encryptedPassword: null,
    fault: null,
    createdAt: at,
    updatedAt: at,
    launchedAt: null,
    deletedAt: null,
    ...changes,
  };
}
