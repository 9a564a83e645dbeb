import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { createTransportPair, encodeUtf8, serve, Store, XenstoreClient } from "@nova-agent/xenstore";
import type {
  CreateRequest,
  Image,
  Instance,
  InstanceDatabase,
  Log,
  LogFields,
  Network,
  Requester,
} from "../../src/index.ts";
import { InstanceService, Secret } from "../../src/index.ts";
import { nodePasswordEncryption } from "../../src/node/index.ts";
import { FakeOperations } from "./fake-operations.ts";
import { FakeToolstack } from "./fake-toolstack.ts";
import { ManualClock } from "./manual-clock.ts";
import { memoryDatabase, type MemoryDatabase } from "../../src/testing/index.ts";

const PROJECT = "demo";

export const publicNetwork: Network = {
  id: "net-public",
  projectId: undefined,
  name: "public",
  bridge: "xenbr0",
  cidr: "203.0.113.0/29",
  cidr6: "2001:db8:10::/64",
  gateway: "203.0.113.1",
  gateway6: "fe80::1",
  dns: ["192.0.2.53"],
  routes: [],
};

export const privateNetwork: Network = {
  id: "net-private",
  projectId: PROJECT,
  name: "private",
  bridge: "xenbr1",
  cidr: "10.208.0.0/19",
  cidr6: undefined,
  gateway: undefined,
  gateway6: undefined,
  dns: [],
  routes: [{ destination: "10.176.0.0/12", gateway: "10.208.0.1" }],
};

/** An instance service on fakes, with images `debian`, `bare` (no agent), `windows` and `rescue`. */
export interface InstanceWorld {
  readonly service: InstanceService;
  readonly database: MemoryDatabase;
  readonly toolstack: FakeToolstack;
  readonly operations: FakeOperations;
  readonly clock: ManualClock;
  readonly xenstore: XenstoreClient;
  /** Lines of the log, with their fields. */
  readonly lines: readonly string[];
  /** A member of the project, with a new request. */
  readonly ask: () => Requester;
  /** An instance that has been built; what was asked for that is forgotten. */
  readonly built: (request?: Partial<CreateRequest>) => Promise<Instance>;
  /** The service after a crash: a new one on the same database and host. */
  readonly restarted: () => InstanceService;
  /** The value of a node below `vm-data` of an instance's domain. */
  readonly vmData: (id: string, path: string) => Promise<string | undefined>;
}

/** With `stored`, the service has that database, and not the one in memory. */
export async function instanceWorld(
  context: TestContext,
  { stored }: { readonly stored?: InstanceDatabase } = {},
): Promise<InstanceWorld> {
  const clock = new ManualClock();
  const now = (): Date => new Date(Date.UTC(2026, 0, 1) + clock.nowMs());
  const store = new Store();
  // A clock of its own, so that the alarms of the other one are the service's.
  const open = () => openXenstore(context, { store, clock: new ManualClock() });
  const xenstore = await open();
  const database = memoryDatabase(now);
  await fillInventory(stored ?? database);
  const toolstack = new FakeToolstack({ store, xenstore: await open() });
  const operations = new FakeOperations();
  const lines: string[] = [];
  const newId = countingIds();
  const ports = {
    toolstack,
    operations,
    xenstore,
    clock,
    now,
    newId,
    log: logInto(lines),
    passwordEncryption: nodePasswordEncryption,
  };
  const options = { ...ports, database: stored ?? database };
  const newService = (): InstanceService => {
    const service = new InstanceService({ ...options, providerData: { provider: "Example" } });
    context.after(() => service.close());
    return service;
  };
  const service = newService();
  const ask = (): Requester => ({
    userId: "alice",
    projectId: PROJECT,
    roles: ["member"],
    requestId: `req-${newId()}`,
  });
  const domainPath = async (id: string) => `/local/domain/${(await toolstack.find(id))?.domid}/vm-data`;
  return {
    service,
    database,
    toolstack,
    operations,
    clock,
    xenstore,
    lines,
    ask,
    async built(request) {
      const { id } = await service.create(ask(), createRequest(request));
      await service.idle();
      assert.equal(database.instance(id).fault, null);
      toolstack.calls.length = 0;
      operations.asked.length = 0;
      return database.instance(id);
    },
    restarted: newService,
    vmData: async (id, path) => xenstore.readText(`${await domainPath(id)}/${path}`).catch(() => undefined),
  };
}

/** A request for an instance in both networks. */
export function createRequest(request: Partial<CreateRequest> = {}): CreateRequest {
  return {
    name: "Web 1",
    imageId: "debian",
    flavorId: "small",
    cards: [{ networkId: publicNetwork.id }, { networkId: privateNetwork.id }],
    metadata: {},
    adminPass: secretOf("first"),
    files: [],
    keyName: null,
    ...request,
  };
}

export function secretOf(text: string): Secret {
  return new Secret(encodeUtf8(text));
}

/** Waits, without any clock, until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  assert.fail("It has not become so");
}

/** Lets everything happen that waits for nothing but the machine. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

async function openXenstore(
  context: TestContext,
  { store, clock }: { readonly store: Store; readonly clock: ManualClock },
): Promise<XenstoreClient> {
  const connect = async () => {
    const [near, far] = createTransportPair();
    serve(store, far, { domid: 0, clock });
    return near;
  };
  const client = await XenstoreClient.open({ connect, clock, reconnect: false });
  context.after(() => client.close());
  return client;
}

async function fillInventory({ inventory }: InstanceDatabase): Promise<void> {
  await inventory.insertImage(image("debian"));
  await inventory.insertImage(image("bare", { hasAgent: false }));
  await inventory.insertImage(image("windows", { osType: "windows" }));
  await inventory.insertImage(image("rescue", { isRescue: true }));
  await inventory.insertFlavor({ id: "small", name: "small", vcpus: 1, ramMib: 512, diskGib: 4 });
  await inventory.insertNetwork(publicNetwork);
  await inventory.insertNetwork(privateNetwork);
  const keyPair = { userId: "alice", name: "laptop", publicKey: "ssh-ed25519 AAAA alice" };
  await inventory.insertKeyPair({ ...keyPair, fingerprint: "00", createdAt: new Date(0) });
}

function image(id: string, changes: Partial<Image> = {}): Image {
  return {
    id,
    name: id,
    hasAgent: true,
    isRescue: false,
    reference: id,
    osType: "linux",
    minDiskGib: 0,
    minRamMib: 0,
    createdAt: new Date(0),
    ...changes,
  };
}

function logInto(lines: string[]): Log {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

function countingIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `00000000-0000-4000-8000-${String(last).padStart(12, "0")}`;
  };
}
