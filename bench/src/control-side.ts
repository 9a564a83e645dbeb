import { randomBytes, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Closers, openXenstore, type StartedInstances, startInstances } from "@nova-agent/control";
import { type Instance, listDomains, type Log, type Requester, type Toolstack } from "@nova-agent/host";
import { type Database, type DatabasePlace, openDatabase } from "@nova-agent/host/database";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { makeDomain } from "@nova-agent/host/testing";
import { makeTemporaryDirectory, removeDirectory, startProcess, waitFor } from "@nova-agent/testbed";
import type { XenstoreClient } from "@nova-agent/xenstore";

const GUESTS_PROGRAM = fileURLToPath(new URL("./stand-in-guests.js", import.meta.url));
const GUESTS_TIMEOUT_MS = 60_000;

/** Of the one who asks in benches. */
const PROJECT = { id: "bench-project", name: "bench", isEnabled: true };
const USER = { id: "bench-user", name: "bench", isEnabled: true, defaultProjectId: PROJECT.id };

/** Says what has gone wrong, and nothing else. */
export const quiet: Log = { info: () => {}, warn: () => {}, error: (...what) => console.error(...what) };

/** The host side with guests that another process stands in for. */
export interface ControlSide extends StartedInstances<Database> {
  readonly instanceIds: readonly string[];
  /** Of whoever asks. */
  readonly token: string;
}

/** Starts it on an embedded XenStore and a database that is empty; `closers` ends it. */
export async function startControlSide(
  { place, guests }: { readonly place: DatabasePlace; readonly guests: number },
  closers: Closers,
): Promise<ControlSide> {
  const directory = await makeTemporaryDirectory();
  closers.add(() => removeDirectory(directory));
  const { xenstore } = await openXenstore(directory, closers);
  const database = await openDatabase(place);
  closers.add(() => database.close());
  const instanceIds = await fill(database, xenstore, guests);
  const running = startProcess({ argv: [process.execPath, GUESTS_PROGRAM, directory, String(guests)] });
  closers.add(() => running.stop());
  await waitFor(() => running.stdout().includes("ready") || !running.isRunning(), {
    what: "stand-in guests",
    timeoutMs: GUESTS_TIMEOUT_MS,
  });
  if (!running.isRunning()) throw new Error(`The stand-in guests have ended: ${running.stderr()}`);
  const sealKey = randomBytes(SEAL_KEY_BYTES);
  const toolstack = standInToolstack(xenstore);
  const host = { xenstore, database, toolstack, sealKey, log: quiet, providerData: {} };
  const started = startInstances(host, closers);
  await started.instances.recover();
  return { ...started, instanceIds, token: await issueToken(database) };
}

/** Whoever asks, in a request of their own each time. */
export function requester(): Requester {
  const requestId = `req-${randomUUID()}`;
  return { userId: USER.id, projectId: PROJECT.id, roles: ["member"], requestId };
}

async function issueToken({ identity }: Database): Promise<string> {
  const issuedAt = new Date();
  const expiresAt = new Date(issuedAt.getTime() + 86_400_000);
  return identity.issueToken({
    user: USER,
    project: PROJECT,
    roles: ["member"],
    methods: ["password"],
    issuedAt,
    expiresAt,
  });
}

/** Writes the instances into the database, each with a card and two addresses, and their domains into XenStore. */
async function fill(
  { identity, inventory, instances }: Database,
  xenstore: XenstoreClient,
  guests: number,
): Promise<readonly string[]> {
  await identity.createUser(USER, randomUUID());
  await identity.createProject(PROJECT);
  await identity.grant({ userId: USER.id, projectId: PROJECT.id, role: "member" });
  await inventory.insertImage({ ...image, id: "bench-image", createdAt: new Date() });
  await inventory.insertFlavor({ id: "bench-flavor", name: "small", vcpus: 1, ramMib: 512, diskGib: 5 });
  await inventory.insertNetwork(network);
  const ids: string[] = [];
  for (let domid = 1; domid <= guests; domid += 1) {
    const id = randomUUID();
    await instances.insert(instanceOf(id, domid));
    const place = { instanceId: id, networkId: network.id, index: 0 };
    await instances.insertPort({ ...place, id: randomUUID(), ...cardOf(domid) });
    await xenstore.introduce({ domid, gfn: 1, port: 1 });
    await makeDomain(xenstore, { domid, name: `guest-${domid}`, uuid: id });
    // Otherwise the service takes it for one that lost what it was told.
    await xenstore.write(`/local/domain/${domid}/vm-data/hostname`, `guest-${domid}`);
    ids.push(id);
  }
  return ids;
}

function instanceOf(id: string, domid: number): Instance {
  const createdAt = new Date();
  return {
    id,
    projectId: PROJECT.id,
    userId: USER.id,
    name: `guest-${domid}`,
    hostname: `guest-${domid}`,
    imageId: "bench-image",
    flavorId: "bench-flavor",
    keyName: null,
    vmState: "active",
    taskState: null,
    progress: 100,
    rescueImageId: null,
    metadata: { purpose: "bench" },
    agentVersion: "2.1.25",
    agentSeenAt: null,
    agentSilentSince: null,
    agentFeatures: null,
    encryptedPassword: null,
    fault: null,
    createdAt,
    updatedAt: createdAt,
    launchedAt: createdAt,
    deletedAt: null,
  };
}

function cardOf(domid: number) {
  const [high, low] = [domid >> 8, domid & 0xff];
  return {
    mac: `00:16:3e:00:${hexOf(high)}:${hexOf(low)}`,
    fixedIps: [
      { address: `10.208.${high}.${low}`, prefixLength: 16 },
      { address: `2001:db8::${domid.toString(16)}`, prefixLength: 64 },
    ],
  };
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

const image = {
  name: "debian",
  hasAgent: true,
  isRescue: false,
  reference: "debian",
  osType: "linux",
  minDiskGib: 1,
  minRamMib: 64,
} as const;

const network = {
  id: "bench-network",
  projectId: undefined,
  name: "private",
  bridge: "xenbr0",
  cidr: "10.208.0.0/16",
  cidr6: "2001:db8::/64",
  gateway: "10.208.255.254",
  gateway6: undefined,
  dns: ["192.0.2.53"],
  routes: [],
};

/** Lists what is in XenStore; nothing is made or ended. */
function standInToolstack(xenstore: XenstoreClient): Toolstack {
  const list: Toolstack["list"] = async () =>
    (await listDomains(xenstore)).flatMap(({ uuid, domid, name = "" }) =>
      uuid === undefined ? [] : [{ uuid, domid, name }],
    );
  return {
    list,
    find: async (wanted) => (await list()).find(({ uuid }) => uuid === wanted),
    create: refuse,
    shutdown: refuse,
    reboot: refuse,
    destroy: refuse,
    removeDisks: refuse,
    attachVif: refuse,
    detachVif: refuse,
    consoleLog: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("Nothing here makes or ends domains"));
}
