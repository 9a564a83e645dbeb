import { ChangeFeed, type Image, type Network, publishChanges } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { FakeObservation, sampleInstance } from "@nova-agent/host/testing";
import { pgliteInMemory } from "@nova-agent/testbed";
import { type AnsweredRequest, type Api, type ApiOptions, createApi } from "../../src/app.ts";
import { FakeInstances } from "../compute/support/fake-instances.ts";
import { HandClock } from "./hand-clock.ts";
import { type LogLine, recordingLog } from "./test-app.ts";

/** Two projects: alice is a member of demo and a reader of other, bob a member of other. */
export interface Cloud {
  readonly app: Api;
  /** What it is made of. */
  readonly options: ApiOptions;
  readonly database: Database;
  /** Of what is done with the database. */
  readonly changes: ChangeFeed;
  readonly lines: LogLine[];
  /** Every request that was answered, in order. */
  readonly answered: readonly AnsweredRequest[];
  /** Moves the time, and rings what rings meanwhile. */
  readonly advance: (ms: number) => void;
  /** Authenticates with this `auth`, from this address. */
  readonly authenticate: (auth: object, address?: string) => Promise<Response>;
  /** A GET with a token of alice for the project. */
  readonly get: (
    path: string,
    options?: { readonly project?: string; readonly user?: string },
  ) => Promise<Response>;
}

export const passwords = { alice: "correct horse", bob: "battery staple" } as const;

/** An `auth` by password, for a project by name, or for none. */
export function byPassword(name: string, password: string, project: string | null = "demo"): object {
  const domain = { id: "default" };
  const scope = project === null ? {} : { scope: { project: { name: project, domain } } };
  return { identity: { methods: ["password"], password: { user: { name, domain, password } } }, ...scope };
}

/** The whole API on a database in memory, with guests that do what is asked; `after` is told how to end it. */
export async function startCloud(after: (end: () => Promise<void>) => void): Promise<Cloud> {
  let time = Date.parse("2026-01-01T00:00:00Z");
  const now = (): Date => new Date(time);
  const changes = new ChangeFeed({ epoch: "cloud" });
  const clock = new HandClock();
  const database = publishChanges(await openDatabase({ ...pgliteInMemory(), now }), changes);
  await fill(database);
  // Said last: node:test also ends what it was told of when it has no test to run for the moment.
  after(() => database.close());
  const lines: LogLine[] = [];
  const log = recordingLog(lines);
  const answered: AnsweredRequest[] = [];
  const options: ApiOptions = {
    database,
    changes,
    clock,
    instances: new FakeInstances(database, newId),
    observation: new FakeObservation(),
    operations: { doctor: async () => [] },
    now,
    newId,
    log,
    onAnswered: (request) => void answered.push(request),
  };
  const app = createApi(options);
  const authenticate = async (auth: object, remoteAddress = "192.0.2.1"): Promise<Response> =>
    await app.request(
      "/identity/v3/auth/tokens",
      { method: "POST", body: JSON.stringify({ auth }) },
      { remoteAddress },
    );
  const authenticateAs = async (user: string, project: string): Promise<string> => {
    const password = user === "bob" ? passwords.bob : passwords.alice;
    return tokenOf(await authenticate(byPassword(user, password, project)));
  };
  // A password takes a tenth of a second.
  const tokens = new Map<string, string>();
  return {
    app,
    options,
    database,
    changes,
    lines,
    answered,
    authenticate,
    advance: (ms) => {
      time += ms;
      clock.advance(ms);
      // They may have expired.
      tokens.clear();
    },
    get: async (path, { project = "demo", user = "alice" } = {}) => {
      const key = `${user} in ${project}`;
      const token = tokens.get(key) ?? (await authenticateAs(user, project));
      tokens.set(key, token);
      return await app.request(path, { headers: { "X-Auth-Token": token } });
    },
  };
}

/** The token that was issued. */
export function tokenOf(response: Response): string {
  const token = response.headers.get("x-subject-token");
  if (token === null) throw new Error(`No token was issued, but ${response.status}`);
  return token;
}

function newId(): string {
  return crypto.randomUUID();
}

async function fill({ identity, inventory, instances }: Database): Promise<void> {
  await identity.createProject({ id: "p-demo", name: "demo", isEnabled: true });
  await identity.createProject({ id: "p-other", name: "other", isEnabled: true });
  await identity.createProject({ id: "p-off", name: "off", isEnabled: false });
  const user = { isEnabled: true, defaultProjectId: undefined };
  await identity.createUser({ ...user, id: "u-alice", name: "alice" }, passwords.alice);
  await identity.createUser(
    { ...user, id: "u-bob", name: "bob", defaultProjectId: "p-other" },
    passwords.bob,
  );
  await identity.createUser({ ...user, id: "u-off", name: "off", isEnabled: false }, "switched off");
  await identity.grant({ userId: "u-alice", projectId: "p-demo", role: "member" });
  await identity.grant({ userId: "u-alice", projectId: "p-other", role: "reader" });
  await identity.grant({ userId: "u-alice", projectId: "p-off", role: "member" });
  await identity.grant({ userId: "u-bob", projectId: "p-other", role: "member" });
  for (const [id, name] of [
    ["i-1", "debian-12"],
    ["i-2", "alma-9"],
    ["i-3", "debian-12"],
  ] as const) {
    await inventory.insertImage({ ...image, id, name });
  }
  await inventory.insertFlavor({ id: "f-1", name: "small", vcpus: 1, ramMib: 512, diskGib: 5 });
  await inventory.insertNetwork({ ...network, id: "n-public", name: "public", projectId: undefined });
  await inventory.insertNetwork({ ...network, id: "n-demo", name: "private", projectId: "p-demo" });
  await inventory.insertNetwork({ ...network, id: "n-other", name: "private", projectId: "p-other" });
  for (const project of ["demo", "other"]) {
    await instances.insert(sampleInstance({ id: `vm-${project}`, projectId: `p-${project}`, name: "vm" }));
    await instances.insertPort({
      id: `port-${project}`,
      instanceId: `vm-${project}`,
      networkId: `n-${project}`,
      index: 0,
      mac: project === "demo" ? "00:16:3e:00:00:01" : "00:16:3e:00:00:02",
      fixedIps: [
        { address: "198.51.100.5", prefixLength: 24 },
        { address: "2001:db8::5", prefixLength: 64 },
      ],
    });
  }
}

const image: Omit<Image, "id" | "name"> = {
  hasAgent: true,
  isRescue: false,
  reference: "/images/secret-place.img",
  osType: "linux",
  minDiskGib: 2,
  minRamMib: 256,
  createdAt: new Date("2025-12-01T00:00:00Z"),
};

const network: Omit<Network, "id" | "name" | "projectId"> = {
  bridge: "xenbr-secret",
  cidr: "198.51.100.0/24",
  cidr6: "2001:db8::/64",
  gateway: "198.51.100.1",
  gateway6: undefined,
  dns: ["192.0.2.53", "2001:db8::53"],
  routes: [{ destination: "10.0.0.0/8", gateway: "198.51.100.2" }],
};
