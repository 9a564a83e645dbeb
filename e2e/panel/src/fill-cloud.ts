import { randomBytes, randomUUID } from "node:crypto";
import type { Instance } from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import { sampleInstance } from "@nova-agent/host/testing";

export const PROJECT = { id: "panel-project", name: "demo", isEnabled: true } as const;

const ROLES = { demo: "member", "demo-reader": "reader", "demo-admin": "admin" } as const;
const PASSWORD_BYTES = 12;
const HOUR_MS = 3_600_000;

/** Makes the project and its users, named as the demo's are; returns their passwords. */
export async function fillUsers({ identity }: Database): Promise<ReadonlyMap<string, string>> {
  await identity.createProject(PROJECT);
  const passwords = new Map<string, string>();
  for (const [name, role] of Object.entries(ROLES)) {
    const password = randomBytes(PASSWORD_BYTES).toString("base64url");
    await identity.createUser({ id: name, name, isEnabled: true, defaultProjectId: PROJECT.id }, password);
    await identity.grant({ userId: name, projectId: PROJECT.id, role });
    passwords.set(name, password);
  }
  return passwords;
}

/** Makes servers, `server-0001` and so on, each with a card; returns their ids. */
export async function fillCloud(
  { inventory, instances }: Database,
  servers: number,
): Promise<readonly string[]> {
  const image = {
    isRescue: false,
    reference: "image",
    osType: "linux",
    minDiskGib: 0,
    minRamMib: 0,
  } as const;
  const createdAt = new Date();
  await inventory.insertImage({ ...image, id: "debian", name: "debian", hasAgent: true, createdAt });
  await inventory.insertImage({ ...image, id: "plain", name: "no-agent", hasAgent: false, createdAt });
  await inventory.insertFlavor({ id: "small", name: "demo.small", vcpus: 1, ramMib: 512, diskGib: 1 });
  await inventory.insertNetwork(network);
  const ids: string[] = [];
  for (let number = 1; number <= servers; number += 1) {
    const instance = instanceOf(number);
    await instances.insert(instance);
    await instances.insertPort({ ...cardOf(number), id: randomUUID(), instanceId: instance.id, index: 0 });
    ids.push(instance.id);
  }
  return ids;
}

/** Every tenth is like the first: what a list tells apart is all there, and most are well. */
const kinds: readonly ((now: Date) => Partial<Instance>)[] = [
  () => ({ vmState: "stopped" }),
  (now) => ({ agentSilentSince: new Date(now.getTime() - HOUR_MS) }),
  () => ({ imageId: "plain", agentVersion: null, agentSeenAt: null }),
  (now) => ({
    vmState: "error",
    agentSeenAt: null,
    fault: { code: 500, message: "The guest's agent did not answer within 300 s", at: now },
  }),
  () => ({ vmState: "building", taskState: "spawning", progress: 40, agentVersion: null, agentSeenAt: null }),
  () => ({ agentSeenAt: null, agentVersion: null }),
  () => ({ taskState: "rebooting" }),
  () => ({ agentVersion: "2.1.25" }),
];
const KINDS_PERIOD = 10;

function instanceOf(number: number): Instance {
  const now = new Date();
  const name = `server-${String(number).padStart(4, "0")}`;
  return sampleInstance({
    id: randomUUID(),
    name,
    hostname: name,
    projectId: PROJECT.id,
    userId: "demo",
    agentVersion: "3.0.0",
    agentSeenAt: now,
    createdAt: new Date(now.getTime() - number * HOUR_MS),
    updatedAt: now,
    ...kinds[number % KINDS_PERIOD]?.(now),
  });
}

function cardOf(number: number) {
  const [high, low] = [number >> 8, number & 0xff];
  const mac = `00:16:3e:00:${[high, low].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
  return { networkId: network.id, mac, fixedIps: [{ address: `10.208.${high}.${low}`, prefixLength: 16 }] };
}

const network = {
  id: "panel-network",
  projectId: undefined,
  name: "private",
  bridge: "xenbr0",
  cidr: "10.208.0.0/16",
  cidr6: undefined,
  gateway: "10.208.255.254",
  gateway6: undefined,
  dns: ["192.0.2.53"],
  routes: [],
} as const;
