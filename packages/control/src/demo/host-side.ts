import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HostError, type Log } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { type AgentProgram, DemoToolstack } from "@nova-agent/host/demo";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import type { Closers } from "../closers.ts";
import type { ControlOptions } from "./command-line.ts";
import { type DataDirectory, dataError } from "../data-directory.ts";
import { PROVIDER_DATA } from "./inventory.ts";
import { type StartedInstances, startInstances } from "../start-instances.ts";

/** The repository's root. */
const ROOT = fileURLToPath(new URL("../../../../..", import.meta.url)).replace(/\/$/, "");
/** The agent in it. */
const AGENT: AgentProgram = {
  directory: ROOT,
  main: "packages/guest-agent/dist/src/hosts/node/main.js",
};
/** Where an empty database lies ready for the next start. */
const DATABASE_IMAGES = join(ROOT, ".cache/database");

/** The embedded XenStore, and a connection to it as dom0. */
export interface EmbeddedXenstore {
  readonly xenstore: XenstoreClient;
  readonly socketPath: string;
  readonly domainSocketPath: (domid: number) => string;
}

/** Everything between XenStore and the API. */
export interface HostSide extends StartedInstances<Database> {
  readonly toolstack: DemoToolstack;
}

/** Serves XenStore in the directory. */
export async function openXenstore(directory: string, closers: Closers): Promise<EmbeddedXenstore> {
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  closers.add(() => server.close());
  const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  closers.add(() => xenstore.close());
  const domainSocketPath = (domid: number) => server.domainSocketPath(domid);
  return { xenstore, socketPath: server.socketPath, domainSocketPath };
}

/** Opens the embedded database. Throws DATA_NOT_OPENED. */
export async function openEmbeddedDatabase(data: DataDirectory, closers: Closers): Promise<Database> {
  try {
    const database = await openDatabase({
      kind: "pglite",
      directory: data.database,
      images: DATABASE_IMAGES,
    });
    closers.add(() => database.close());
    return database;
  } catch (error) {
    throw error instanceof HostError ? dataError("Cannot open the database", error) : error;
  }
}

/** Starts what works on instances; no domain runs yet. */
export function startHostSide(
  options: EmbeddedXenstore &
    Pick<ControlOptions, "enclosure"> & {
      readonly database: Database;
      readonly data: DataDirectory;
      readonly log: Log;
    },
  closers: Closers,
): HostSide {
  const { xenstore, domainSocketPath, enclosure, database, data, log } = options;
  const toolstack = new DemoToolstack({
    xenstore,
    domainSocketPath,
    enclosure,
    directory: data.guests,
    agent: AGENT,
  });
  closers.add(() => toolstack.close());
  const { sealKey } = data;
  const host = { xenstore, database, toolstack, sealKey, log, providerData: PROVIDER_DATA };
  return { ...startInstances(host, closers), toolstack };
}
