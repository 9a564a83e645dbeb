import { randomBytes, randomUUID } from "node:crypto";
import { createApi, serve } from "@nova-agent/api";
import { Closers, openXenstore, servePanel, startInstances } from "@nova-agent/control";
import type { Log, Toolstack } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { type Cleanup, makeTemporaryDirectory, pgliteInMemory, removeDirectory } from "@nova-agent/testbed";
import { nodeClock } from "@nova-agent/xenstore/node";
import { fillCloud, fillUsers } from "./fill-cloud.ts";
import type { ServedPanel } from "./panel-suite.ts";

/** A cloud in this process: the panel and the API over a database whose servers have no guests. */
export interface Cloud extends ServedPanel {
  /** What is changed through it, open pages are told of. */
  readonly database: Database;
  /** Ids of the servers, the first made first. */
  readonly serverIds: readonly string[];
}

/** Starts one with this many servers of project `demo`, in every state that a list shows. */
export async function startCloud(
  cleanup: Cleanup,
  { servers }: { readonly servers: number },
): Promise<Cloud> {
  const closers = new Closers();
  cleanup.after(() => closers.close());
  const directory = await makeTemporaryDirectory();
  closers.add(() => removeDirectory(directory));
  const { xenstore } = await openXenstore(directory, closers);
  const kept = await openDatabase(pgliteInMemory());
  closers.add(() => kept.close());
  const passwords = await fillUsers(kept);
  const serverIds = await fillCloud(kept, servers);
  const sealKey = randomBytes(SEAL_KEY_BYTES);
  const host = { xenstore, database: kept, toolstack: emptyToolstack, sealKey, log, providerData: {} };
  // Nothing is recovered: it would see that none of the servers has a domain.
  const started = startInstances(host, closers);
  const common = { now: () => new Date(), newId: randomUUID, clock: nodeClock, log };
  const api = createApi({ ...started, ...common });
  const server = await serve({ api: await servePanel(api), port: 0, hasDemoCredentials: true });
  closers.add(() => server.close());
  return {
    url: server.url,
    database: started.database,
    serverIds,
    passwordOf: async (user) => passwords.get(user) ?? "",
  };
}

/** Says what has gone wrong, and nothing else. */
const log: Log = { info: () => {}, warn: () => {}, error: (...what) => console.error(...what) };

/** A host without domains, on which nothing can be done. */
const emptyToolstack: Toolstack = {
  list: async () => [],
  find: async () => undefined,
  create: refuse,
  shutdown: refuse,
  reboot: refuse,
  destroy: refuse,
  removeDisks: refuse,
  attachVif: refuse,
  detachVif: refuse,
  consoleLog: async () => undefined,
  close: async () => undefined,
};

async function refuse(): Promise<never> {
  throw new Error("There are no domains here");
}
