import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { Closers, fillInventory, type HostSide, openXenstore, startHostSide } from "@nova-agent/control";
import { type Action, type Operation, type Requester, Secret } from "@nova-agent/host";
import { openDatabase } from "@nova-agent/host/database";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { findUnmetNeeds, makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { quiet, requester } from "./control-side.ts";
import { type BenchDatabase, openDatabases } from "./databases.ts";
import { median, showFigure, tableRow } from "./figures.ts";

const ROUNDS = 7;

/** The steps of a build as its action lists them, and what they are. */
const steps: Readonly<Record<string, string>> = {
  ports: "cards and addresses",
  domain: "create the domain",
  xe_daemon: "boot until the agent answers",
  version: "version",
  files: "key file and a file",
  password: "password",
  reset_network: "resetnetwork",
};

/** Those in which a guest that runs is set up. */
const SET_UP: readonly string[] = ["version", "files", "password", "reset_network"];

/** What one build took, in milliseconds: in all, by step, and for how long of a step the guest had a request. */
interface BuildTimes {
  readonly totalMs: number;
  readonly stepsMs: ReadonlyMap<string, number>;
  readonly guestMs: ReadonlyMap<string, number>;
}

interface Subject {
  readonly title: string;
  readonly host: HostSide;
  readonly times: BuildTimes[];
}

/**
 * Measures whole builds of demo guests, with the real agent in namespaces: two network cards, a key pair,
 * a file and a password. The times of the steps are those that the API shows as events of the action.
 */
export async function benchBuild({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  console.log("\nBuilds of the demo guest, one after the other (milliseconds)\n");
  const unmet = await findUnmetNeeds(["root", "namespaces", "ip"]);
  if (unmet.length > 0) return console.log(`Left out: it needs ${unmet.join(", ")}`);
  const closers = new Closers();
  try {
    const subjects: Subject[] = [];
    for (const database of await openDatabases({ after: (close) => closers.add(close) })) {
      subjects.push({ title: database.title, host: await startHost(database, closers), times: [] });
    }
    for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1) {
      for (const { host, times } of subjects) times.push(await buildOnce(host));
    }
    for (const subject of subjects) report(subject);
  } finally {
    await closers.close();
  }
}

async function startHost({ place }: BenchDatabase, closers: Closers): Promise<HostSide> {
  const directory = await makeTemporaryDirectory();
  closers.add(() => removeDirectory(directory));
  const xenstore = await openXenstore(directory, closers);
  const database = await openDatabase(place);
  closers.add(() => database.close());
  await fillInventory(database.inventory, { newId: randomUUID, now: () => new Date() });
  const data = {
    database: undefined,
    guests: join(directory, "guests"),
    sealKey: randomBytes(SEAL_KEY_BYTES),
  };
  const host = startHostSide({ ...xenstore, enclosure: "namespaces", database, data, log: quiet }, closers);
  const { userId } = requester();
  await database.inventory.insertKeyPair({ userId, ...keyPair, createdAt: new Date() });
  await host.instances.recover();
  return host;
}

const keyPair = {
  name: "bench",
  publicKey: `ssh-ed25519 ${Buffer.alloc(51, 7).toString("base64")} bench`,
  fingerprint: "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
};

/** Builds an instance and removes it again. */
async function buildOnce({ instances, database }: HostSide): Promise<BuildTimes> {
  const asked = requester();
  const request = await requestOf(database, asked);
  const startedAtMs = performance.now();
  const { id } = await instances.create(asked, request);
  await instances.idle();
  const totalMs = performance.now() - startedAtMs;
  const { vmState, fault } = await instances.find(asked, id);
  if (vmState !== "active") throw new Error(`The build failed: ${fault?.message}`);
  const action = await database.actions.find(id, asked.requestId);
  const operations = await database.operations.list({ requestId: asked.requestId });
  await instances.remove(requester(), id);
  await instances.idle();
  return { totalMs, ...stepTimes(action, operations) };
}

async function requestOf({ inventory }: HostSide["database"], { projectId }: Requester) {
  const image = (await inventory.images()).find(({ name }) => name === "debian");
  const flavor = (await inventory.flavors()).find(({ name }) => name === "demo.small");
  const networks = await inventory.networks(projectId);
  return {
    name: "bench",
    imageId: image?.id ?? "",
    flavorId: flavor?.id ?? "",
    cards: networks.map(({ id }) => ({ networkId: id })),
    metadata: { purpose: "bench" },
    adminPass: new Secret(Buffer.from("correct horse battery staple")),
    files: [{ path: "/etc/motd", content: Buffer.from("Welcome\n") }],
    keyName: keyPair.name,
  };
}

function stepTimes(
  action: Action | undefined,
  operations: readonly Operation[],
): Pick<BuildTimes, "stepsMs" | "guestMs"> {
  const stepsMs = new Map<string, number>();
  const guestMs = new Map<string, number>();
  for (const { event, startedAt, finishedAt } of action?.events ?? []) {
    if (finishedAt === null) continue;
    stepsMs.set(event, finishedAt.getTime() - startedAt.getTime());
    const within = operations.filter(({ createdAt }) => createdAt >= startedAt && createdAt <= finishedAt);
    guestMs.set(
      event,
      within.reduce((sum, operation) => sum + waitedMs(operation), 0),
    );
  }
  return { stepsMs, guestMs };
}

/** From the note that the request goes out until that of its answer. */
function waitedMs({ timeline }: Operation): number {
  const sent = timeline.find(({ state }) => state === "sent");
  const done = timeline.find(({ state }) => state === "done");
  return sent === undefined || done === undefined ? 0 : done.at.getTime() - sent.at.getTime();
}

function report({ title, times }: Subject): void {
  console.log(tableRow(title, "median", "share", "in the guest"));
  const totalMs = median(times.map((time) => time.totalMs));
  const over = (which: "stepsMs" | "guestMs", of: readonly string[]): number =>
    median(times.map((time) => of.reduce((sum, name) => sum + (time[which].get(name) ?? 0), 0)));
  const print = (what: string, of: readonly string[]): void => {
    const stepMs = over("stepsMs", of);
    const share = `${Math.round((100 * stepMs) / totalMs)} %`;
    console.log(tableRow(what, showFigure(stepMs), share, showFigure(over("guestMs", of))));
  };
  for (const [name, title] of Object.entries(steps)) print(title, [name]);
  print("set-up: version to resetnetwork", SET_UP);
  console.log(tableRow("the whole build", showFigure(totalMs), "100 %"));
}
