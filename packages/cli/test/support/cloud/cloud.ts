import { createApi, serve as serveApi } from "@nova-agent/api";
import { ChangeFeed, GuestObserver, type Image, InstanceService, type Log } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { pgliteInMemory, type ProgramOutcome } from "@nova-agent/testbed";
import { createTransportPair, serve, Store, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createNodeHost } from "../../../src/hosts/node/index.ts";
import { type ProgramHost, runGuestctl } from "../../../src/index.ts";
import { MemoryToolstack } from "./memory-toolstack.ts";
import { WillingGuests } from "./willing-guests.ts";

export const PASSWORD = "correct horse";
export const PROJECT_ID = "p-demo";

/** A project "demo" of alice, images debian and rescue, flavor small, networks public and private. */
export interface Cloud {
  readonly database: Database;
  readonly toolstack: MemoryToolstack;
  readonly guests: WillingGuests;
  /** Runs guestctl in this process; what is given takes the place of alice's environment and the host. */
  readonly guestctl: (
    args: readonly string[],
    changes?: { readonly environment?: Environment; readonly host?: Partial<ProgramHost> },
  ) => Promise<ProgramOutcome>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A test, or all those of a file. */
interface Scope {
  after(end: () => Promise<void>): void;
}

/** A cloud whose API listens on loopback; `after` is told how to end it. */
export async function startCloud(scope: Scope): Promise<Cloud> {
  const closers: (() => Promise<void>)[] = [];
  const database = await openDatabase(pgliteInMemory());
  closers.push(() => database.close());
  await fill(database);
  const store = new Store();
  const connect = async () => {
    const [near, far] = createTransportPair();
    serve(store, far, { domid: 0, clock: nodeClock });
    return near;
  };
  const xenstore = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
  closers.push(() => xenstore.close());
  const [toolstack, guests] = [new MemoryToolstack(store, xenstore), new WillingGuests()];
  const own = { now: () => new Date(), newId: () => crypto.randomUUID(), log: silentLog };
  const ports = { database, toolstack, operations: guests, xenstore, clock: nodeClock };
  const instances = new InstanceService({ ...own, ...ports });
  closers.push(() => instances.close());
  const changes = new ChangeFeed({ epoch: "cli" });
  const observation = new GuestObserver({ ...own, xenstore, clock: nodeClock });
  const api = createApi({ ...own, ...ports, instances, changes, observation });
  const server = await serveApi({ api, port: 0, hasDemoCredentials: true });
  closers.push(() => server.close());
  const alice = {
    OS_AUTH_URL: `${server.url}/identity/v3`,
    OS_USERNAME: "alice",
    OS_PASSWORD: PASSWORD,
    OS_PROJECT_NAME: "demo",
  };
  // One for all runs of a test: each listens to the standard streams from then on.
  const nodeHost = createNodeHost();
  // Said last: node:test also ends what it was told of when it has no test to run for the moment.
  scope.after(async () => {
    for (const close of closers.toReversed()) await close();
  });
  return {
    database,
    toolstack,
    guests,
    guestctl: (args, { environment = {}, host = {} } = {}) =>
      run(args, { own: nodeHost, environment: { ...alice, ...environment }, host }),
  };
}

async function run(
  args: readonly string[],
  {
    own,
    environment,
    host,
  }: {
    readonly own: ProgramHost;
    readonly environment: Environment;
    readonly host: Partial<ProgramHost>;
  },
): Promise<ProgramOutcome> {
  let [stdout, stderr] = ["", ""];
  if (own.api === undefined) throw new Error("The host on Node has HTTP");
  const status = await runGuestctl(args, {
    ...own,
    api: { ...own.api, environment: (name) => environment[name] },
    // Asks as often as it can.
    clock: { ...nodeClock, after: (ms, callback) => nodeClock.after(Math.min(ms, 1), callback) },
    terminal: {
      input: own.terminal.input,
      isErrorTty: false,
      writeOut: (text) => {
        stdout += text;
      },
      writeError: (text) => {
        stderr += text;
      },
    },
    ...host,
  });
  return { status, stdout, stderr };
}

const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

async function fill({ identity, inventory }: Database): Promise<void> {
  await identity.createProject({ id: PROJECT_ID, name: "demo", isEnabled: true });
  const alice = { id: "u-alice", name: "alice", isEnabled: true, defaultProjectId: undefined };
  await identity.createUser(alice, PASSWORD);
  await identity.grant({ userId: alice.id, projectId: PROJECT_ID, role: "member" });
  await inventory.insertImage(imageOf("debian"));
  await inventory.insertImage({ ...imageOf("rescue"), isRescue: true });
  await inventory.insertFlavor({ id: "f-1", name: "small", vcpus: 1, ramMib: 512, diskGib: 5 });
  const network = { bridge: "xenbr0", cidr6: undefined, gateway: undefined, gateway6: undefined };
  const rest = { ...network, dns: [], routes: [], projectId: undefined };
  await inventory.insertNetwork({ ...rest, id: "n-public", name: "public", cidr: "192.0.2.0/24" });
  await inventory.insertNetwork({ ...rest, id: "n-private", name: "private", cidr: "10.1.0.0/24" });
}

function imageOf(name: string): Image {
  const sizes = { minDiskGib: 0, minRamMib: 0 };
  const kind = { hasAgent: true, isRescue: false, osType: "linux" } as const;
  return { ...sizes, ...kind, id: `i-${name}`, name, reference: name, createdAt: new Date(0) };
}
