import type { GuestOperations, Instance, InstanceService, Requester } from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import type { DemoToolstack, RunningGuest } from "@nova-agent/host/demo";
import type { DemoIdentity } from "./identity.ts";
import { DEMO_FLAVOR, DEMO_IMAGE, demoNetworks } from "./inventory.ts";
import { AGENT_START_TIMEOUT_MS } from "../limits.ts";

const NAME = "demo";

/** What the demo's instance is made and started with. */
export interface DemoInstanceOptions {
  readonly database: Database;
  readonly toolstack: DemoToolstack;
  readonly operations: GuestOperations;
  readonly instances: InstanceService;
  readonly identity: DemoIdentity;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** The demo's instance, running. */
export interface DemoInstance {
  readonly id: string;
  readonly guest: RunningGuest;
}

/** Instances whose domains ended with a process before this one are stopped, whatever they were then. */
export async function stopForgotten({
  database,
  toolstack,
}: Pick<DemoInstanceOptions, "database" | "toolstack">): Promise<void> {
  for (const { id, vmState, taskState } of await database.instances.list({})) {
    const wasRunning = vmState === "active" || vmState === "rescued";
    if (!wasRunning || taskState !== null || (await toolstack.find(id)) !== undefined) continue;
    await database.instances.update(id, { vmState: "stopped", rescueImageId: null });
  }
}

/** Makes the instance where it is not there yet, and its domain; its agent answers a little later. */
export async function startInstance(options: DemoInstanceOptions): Promise<DemoInstance> {
  const { database, instances, toolstack, identity } = options;
  const { projectId } = identity;
  const found = await database.instances.list({ projectId, name: NAME });
  const id = found.find(({ name }) => name === NAME)?.id ?? (await insertInstance(options));
  await instances.start(requesterOf(options), id);
  await instances.idle();
  const guest = toolstack.findGuest(id);
  if (guest !== undefined) return { id, guest };
  const fault = (await database.instances.find(id))?.fault;
  throw new Error(fault?.message ?? "The guest has ended");
}

/** What a host does with a new guest first: it waits for the agent and lets it set up the network. */
export async function buildGuest(
  options: DemoInstanceOptions,
  { id, guest, signal }: DemoInstance & { readonly signal: AbortSignal },
): Promise<string> {
  const { database, operations } = options;
  const build = async (): Promise<string> => {
    const call = { instanceId: id, requester: requesterOf(options), signal };
    const agentVersion = await operations.version({ ...call, timeoutMs: AGENT_START_TIMEOUT_MS });
    await database.instances.update(id, { agentVersion });
    await operations.resetNetwork(call);
    return agentVersion;
  };
  return Promise.race([build(), agentFailed(guest)]);
}

/** Resolves when the agent has ended; with true unless a reboot or a rescue makes another one. */
export async function awaitAgentEnd(
  { database }: Pick<DemoInstanceOptions, "database">,
  { id, guest }: DemoInstance,
): Promise<boolean> {
  await guest.agent?.ended;
  const instance = await database.instances.find(id);
  return instance?.vmState === "active" && instance.taskState === null;
}

/** Rejects with the end of the agent's log when the agent ends. */
async function agentFailed({ agent }: RunningGuest): Promise<never> {
  if (agent === undefined) throw new Error("The guest has no agent");
  const { status, signal } = await agent.ended;
  const how = signal === null ? `status ${status}` : signal;
  throw new Error(`The agent of the guest ended with ${how}: ${await agent.readLogTail()}`);
}

/** An instance that is stopped, with its network cards. */
async function insertInstance(options: DemoInstanceOptions): Promise<string> {
  const { database, newId } = options;
  const instance = await newInstance(options);
  await database.instances.insert(instance);
  const networks = await database.inventory.networks(instance.projectId);
  for (const [index, { network, card }] of demoNetworks().entries()) {
    const networkId = idOf(networks, network.name);
    await database.instances.insertPort({ id: newId(), instanceId: instance.id, networkId, index, ...card });
  }
  return instance.id;
}

async function newInstance({ database, identity, newId, now }: DemoInstanceOptions): Promise<Instance> {
  const createdAt = now();
  return {
    id: newId(),
    projectId: identity.projectId,
    userId: identity.userId,
    name: NAME,
    hostname: NAME,
    imageId: idOf(await database.inventory.images(), DEMO_IMAGE),
    flavorId: idOf(await database.inventory.flavors(), DEMO_FLAVOR),
    keyName: null,
    vmState: "stopped",
    taskState: null,
    progress: 100,
    rescueImageId: null,
    metadata: { purpose: "demo" },
    agentVersion: null,
    agentSeenAt: null,
    agentSilentSince: null,
    agentFeatures: null,
    encryptedPassword: null,
    fault: null,
    createdAt,
    updatedAt: createdAt,
    launchedAt: null,
    deletedAt: null,
  };
}

function idOf(items: readonly { readonly id: string; readonly name: string }[], name: string): string {
  const id = items.find((item) => item.name === name)?.id;
  if (id === undefined) throw new Error(`There is no ${name} in the database any more`);
  return id;
}

function requesterOf({ identity, newId }: DemoInstanceOptions): Requester {
  const { userId, projectId } = identity;
  return { userId, projectId, roles: ["member"], requestId: `req-${newId()}` };
}
