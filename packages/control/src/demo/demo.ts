import { randomUUID } from "node:crypto";
import type { RunningGuest } from "@nova-agent/host/demo";
import { Closers } from "../closers.ts";
import type { ControlOptions } from "./command-line.ts";
import { type CredentialPaths, writeCredentials } from "./credentials.ts";
import { openDataDirectory, temporaryData } from "../data-directory.ts";
import {
  DEMO_ADMIN,
  DEMO_PROJECT,
  DEMO_READER,
  DEMO_USER,
  type DemoIdentity,
  renewIdentity,
} from "./identity.ts";
import {
  awaitAgentEnd,
  buildGuest,
  type DemoInstance,
  type DemoInstanceOptions,
  startInstance,
  stopForgotten,
} from "./instance.ts";
import { fillInventory } from "./inventory.ts";
import { startServers } from "./servers.ts";
import { ControlError } from "../errors.ts";
import { type HostSide, openEmbeddedDatabase, openXenstore, startHostSide } from "./host-side.ts";
import type { DemoSummary } from "./instructions.ts";
import type { Progress } from "./progress.ts";
import type { RunDirectory } from "./run-directory.ts";
import { openLog, type ServiceLog } from "../service-log.ts";

const now = () => new Date();

/** A running demo: an embedded XenStore, a guest whose agent has built it, and the API of its cloud. */
export interface Demo {
  readonly summary: DemoSummary;
  /** Resolves when the first agent of the guest has ended, with whether it did so by itself. */
  readonly agentEnded: Promise<boolean>;
  /** Ends the API, the guests, then XenStore; nothing stays. Safe to call twice. */
  close(): Promise<void>;
}

/** What `startDemo` needs. */
export interface DemoOptions extends Pick<
  ControlOptions,
  "enclosure" | "dataDirectory" | "port" | "monitoringPort"
> {
  readonly directory: RunDirectory;
  readonly progress: Progress;
  /** Gives up when it is aborted; what was started is ended. */
  readonly signal: AbortSignal;
}

/** Starts everything and lets the agent build the guest. Throws a ControlError; nothing stays then. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const closers = new Closers();
  try {
    const xenstore = await openXenstore(options.directory.path, closers);
    const host = await openHost(options, { ...xenstore, closers });
    const instance = await startGuest(options, host);
    const parts = { ...host, xenstore: xenstore.xenstore, closers };
    const servers = await startServers(parts, options);
    const credentials = await publish(options.directory, { ...servers, identity: host.identity });
    const places = { ...servers, ...credentials, socketPath: xenstore.socketPath };
    const serviceLogPath = host.serviceLog.path;
    const summary = { ...describeGuest(instance), ...places, serviceLogPath };
    return { summary, agentEnded: awaitAgentEnd(host, instance), close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** The host side of the demo, with all that it is made of. */
interface DemoHost extends HostSide, DemoInstanceOptions {
  readonly identity: DemoIdentity;
  readonly serviceLog: ServiceLog;
}

async function openHost(
  { progress, directory, dataDirectory, signal, enclosure }: DemoOptions,
  { closers, ...xenstore }: Awaited<ReturnType<typeof openXenstore>> & { readonly closers: Closers },
): Promise<DemoHost> {
  const isKept = dataDirectory !== undefined;
  const data = isKept ? await openDataDirectory(dataDirectory) : temporaryData(directory.guests);
  const serviceLog = openLog(directory.path);
  const { database, identity } = await progress.step("Opening the database", async () => {
    const opened = await openEmbeddedDatabase(data, closers);
    const isNew = (await opened.identity.findProject({ name: DEMO_PROJECT })) === undefined;
    if (isNew) await fillInventory(opened.inventory, { newId: randomUUID, now });
    return { database: opened, identity: await renewIdentity(opened, randomUUID) };
  });
  signal.throwIfAborted();
  const { log } = serviceLog;
  const host = startHostSide({ ...xenstore, enclosure, data, database, log }, closers);
  return { ...host, identity, serviceLog, newId: randomUUID, now };
}

/** The guest with what was found out of it. */
type BuiltGuest = DemoInstance & { readonly agentVersion: string };

/** Sees to what an earlier process left in the database, and starts the demo's own guest. */
async function startGuest({ progress, signal }: DemoOptions, host: DemoHost): Promise<BuiltGuest> {
  await stopForgotten(host);
  await host.recover();
  const instance = await progress.step("Making the demo guest", () =>
    explain(startInstance(host), "npm start -- --guest root-tree does with files alone"),
  );
  signal.throwIfAborted();
  const agentVersion = await progress.step("Waiting for its agent to set it up", () =>
    explain(
      buildGuest(host, { ...instance, signal }),
      "npm run build makes it anew; npm start -- --guest root-tree does with files alone",
    ),
  );
  return { ...instance, agentVersion };
}

async function explain<Result>(work: Promise<Result>, wayOut: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ControlError("GUEST_NOT_STARTED", message, { wayOut, cause: error });
  }
}

/** Tells the demo's users how to come in, where only this machine's user reads it. */
async function publish(
  directory: RunDirectory,
  { apiUrl, identity }: { readonly apiUrl: string; readonly identity: DemoIdentity },
): Promise<CredentialPaths> {
  const authUrl = `${apiUrl}/identity/v3`;
  const credentials = (userName: string) => ({
    authUrl,
    userName,
    projectName: DEMO_PROJECT,
    password: identity.passwords[userName] ?? "",
  });
  // A cloud is called as its user.
  const clouds = [DEMO_USER, DEMO_READER, DEMO_ADMIN].map((name) => [name, credentials(name)] as const);
  return writeCredentials(directory.path, Object.fromEntries(clouds));
}

function describeGuest({ guest, agentVersion }: BuiltGuest) {
  const { domain, enclosure, reason, tree } = guest;
  return {
    agentVersion,
    reason,
    tree,
    guestName: domain.name,
    domid: domain.domid,
    hostname: domain.vmData["hostname"] ?? "",
    enclosure: enclosure.kind,
    ifupdown: enclosure.ifupdown,
    logPath: logPathOf(guest),
    enterCommand: enclosure.enterCommand,
  };
}

function logPathOf({ agent }: RunningGuest): string {
  return agent?.logPath ?? "";
}
