import { randomUUID } from "node:crypto";
import { mkdir, lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiServer, createApi, serve } from "@nova-agent/api";
import { type Log, Retention } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { acquireLock, type ProcessLock } from "@nova-agent/host/node";
import { type RunProgram, XlToolstack } from "@nova-agent/host/xl";
import { XenstoreClient } from "@nova-agent/xenstore";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { Closers } from "../closers.ts";
import type { ServiceConfiguration } from "./configuration/service-configuration.ts";
import { ensureKey } from "../data-directory.ts";
import { ControlError } from "../errors.ts";
import { fillConfigured } from "./fill-configured.ts";
import { LOCK_ATTEMPTS_MAX } from "../limits.ts";
import { createMetrics } from "../metrics.ts";
import { createMonitoring, dependenciesOf } from "../monitoring.ts";
import { servePanel } from "../panel.ts";
import { startInstances } from "../start-instances.ts";

const now = () => new Date();

export interface ServiceOptions {
  readonly log: Log;
  /** Runs xl(1), unless a test does. */
  readonly runProgram?: RunProgram | undefined;
}

/** The control service of a Xen host, running. */
export interface Service {
  readonly url: string;
  readonly monitoringUrl: string | undefined;
  /** Takes no more requests, lets those under way end, then everything else. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts everything. Throws a ControlError that says what is missing; nothing runs then. */
export async function startService(
  configuration: ServiceConfiguration,
  { log, runProgram }: ServiceOptions,
): Promise<Service> {
  const closers = new Closers();
  try {
    const host = await openHost(configuration, { log, runProgram, closers });
    const metrics = createMetrics(host.database);
    const api = await listen(configuration, { ...host, metrics, log, closers });
    const monitoringServer = await listenForMonitoring(configuration, { ...host, metrics, log, closers });
    log.info("service started", { url: api.url, monitoringUrl: monitoringServer?.url });
    return { url: api.url, monitoringUrl: monitoringServer?.url, close: () => closers.close() };
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

/** The database of a configuration, with its tables up to date. Throws SERVICE_NOT_STARTED. */
export function openConfiguredDatabase({
  database,
  stateDirectory,
}: Pick<ServiceConfiguration, "database" | "stateDirectory">): Promise<Database> {
  const wayOut = "See `database` in the configuration; the embedded one is open in one process at a time";
  return step("Cannot open the database", wayOut, async () => {
    if (database.kind === "pglite") await ensurePrivate(stateDirectory);
    return openDatabase(database);
  });
}

interface Parts {
  readonly log: Log;
  readonly closers: Closers;
}

/** Everything below the API, with what an earlier process left seen to. */
async function openHost(
  configuration: ServiceConfiguration,
  { log, runProgram, closers }: Parts & Pick<ServiceOptions, "runProgram">,
) {
  const { stateDirectory, sealKeyPath, operationsKeptMs, auditKeptMs } = configuration;
  const sealKey = await step(
    "Cannot use the state directory",
    "See `state_directory` and `seal_key`; one service at a time uses a state directory",
    async () => {
      await ensurePrivate(stateDirectory);
      const lock = await claim(stateDirectory);
      closers.add(() => lock.release());
      return ensureKey(sealKeyPath);
    },
  );
  const database = await openConfiguredDatabase(configuration);
  closers.add(() => database.close());
  const xenstore = await openXenstore(configuration, closers);
  const toolstack = new XlToolstack({
    xenstore,
    images: Object.fromEntries(configuration.images.map(({ shown, xl }) => [shown.reference, xl])),
    configDirectory: join(stateDirectory, "domains"),
    diskDirectory: join(stateDirectory, "disks"),
    ...(configuration.vifScript !== undefined && { vifScript: configuration.vifScript }),
    ...(runProgram !== undefined && { runProgram }),
  });
  closers.add(() => toolstack.close());
  await fillConfigured(database.inventory, configuration, { newId: randomUUID, now });
  const started = startInstances({ xenstore, database, toolstack, sealKey, log, providerData: {} }, closers);
  await step("Cannot go on with what was under way", "xl(1) and XenStore must be there", () =>
    started.recover(),
  );
  const { operations, history } = database;
  const kept = { keptMs: operationsKeptMs, auditKeptMs };
  const retention = new Retention({ operations, history, clock: nodeClock, now, log, ...kept });
  closers.add(() => retention.close());
  return { ...started, xenstore };
}

/** Two services would see to the same instances, also where the database takes more than one process. */
function claim(stateDirectory: string): Promise<ProcessLock> {
  return acquireLock(join(stateDirectory, "lock"), {
    attemptsMax: LOCK_ATTEMPTS_MAX,
    busy: (holder) => new Error(`${holder} uses ${stateDirectory}`),
  });
}

function openXenstore({ xenstorePath }: ServiceConfiguration, closers: Closers): Promise<XenstoreClient> {
  return step(
    "Cannot open XenStore",
    "See `xenstore` in the configuration; the service runs in Dom0",
    async () => {
      const { connect } = findXenstore(
        xenstorePath === undefined ? process.env : { XENSTORED_PATH: xenstorePath },
      );
      const xenstore = await XenstoreClient.open({ connect, clock: nodeClock });
      closers.add(() => xenstore.close());
      return xenstore;
    },
  );
}

type Host = Awaited<ReturnType<typeof openHost>>;
type Served = Host & Parts & { readonly metrics: ReturnType<typeof createMetrics> };

async function listen(
  { listen: { host, port }, tls, publicUrl, hasPanel }: ServiceConfiguration,
  { database, changes, instances, observation, operations, metrics, log, closers }: Served,
): Promise<ApiServer> {
  const common = { now, newId: randomUUID, clock: nodeClock, log };
  const kept = { database, changes, instances, observation, operations };
  const ownApi = createApi({ ...kept, ...common, publicUrl, onAnswered: metrics.observe });
  const api = hasPanel ? await openPanel(ownApi) : ownApi;
  return step(
    `The API cannot listen at ${host}:${port}`,
    "See `listen`, `tls_certificate` and `tls_key`",
    async () => {
      const files = tls && {
        certificate: await readFile(tls.certificatePath, "utf8"),
        key: await readFile(tls.keyPath, "utf8"),
      };
      const server = await serve({ api, host, port, tls: files, hasDemoCredentials: false });
      closers.add(() => server.close());
      return server;
    },
  );
}

function openPanel(api: Parameters<typeof servePanel>[0]): ReturnType<typeof servePanel> {
  const wayOut = "Install the package anew; `panel = no` does without the panel";
  return step("Cannot serve the panel", wayOut, () => servePanel(api));
}

async function listenForMonitoring(
  { monitoring }: ServiceConfiguration,
  { database, xenstore, metrics, log, closers }: Served,
): Promise<ApiServer | undefined> {
  if (monitoring === undefined) return undefined;
  const { host, port } = monitoring;
  return step(
    `Cannot listen at ${host}:${port}`,
    "See `monitoring_listen`; none switches it off",
    async () => {
      const dependencies = dependenciesOf({ database, xenstore });
      const api = createMonitoring({ dependencies, metrics, clock: nodeClock, log });
      const server = await serve({ api, host, port, hasDemoCredentials: false });
      closers.add(() => server.close());
      return server;
    },
  );
}

/** A directory of this user alone, made when it is not there. */
async function ensurePrivate(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const status = await lstat(path);
  const isOurs = status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o077) === 0;
  if (!isOurs) throw new Error(`${path} is not a directory of this user alone (mode 0700)`);
}

async function step<Result>(what: string, wayOut: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError("SERVICE_NOT_STARTED", `${what}: ${words}`, { wayOut, cause });
  }
}
