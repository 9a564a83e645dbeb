import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HostConnector, readVersion, resetNetwork } from "@nova-agent/host";
import { type AgentProgram, type DemoDomain, DemoGuest, demoNetworks } from "@nova-agent/host/demo";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import type { ControlOptions } from "./command-line.ts";
import { ControlError } from "./errors.ts";
import type { DemoSummary } from "./instructions.ts";
import { AGENT_START_TIMEOUT_MS } from "./limits.ts";
import type { Progress } from "./progress.ts";
import type { RunDirectory } from "./run-directory.ts";

const DOMID = 1;

/** The repository's root, and the agent in it. */
const AGENT: AgentProgram = {
  directory: fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, ""),
  main: "packages/guest-agent/dist/src/hosts/node/main.js",
};

/** A running demo: an embedded XenStore and a guest whose agent has built it. */
export interface Demo {
  readonly summary: DemoSummary;
  readonly guest: DemoGuest;
  /** Ends the guest, then XenStore; nothing stays. Safe to call twice. */
  close(): Promise<void>;
}

/** What `startDemo` needs. */
export interface DemoOptions {
  readonly directory: RunDirectory;
  readonly enclosure: ControlOptions["enclosure"];
  readonly progress: Progress;
  /** Gives up when it is aborted; what was started is ended. */
  readonly signal: AbortSignal;
}

/** Starts everything and lets the agent build the guest. Throws GUEST_NOT_STARTED; nothing stays then. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { progress, directory } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory: directory.path });
    closers.push(() => server.close());
    const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
    closers.push(() => xenstore.close());
    const domainSocketPath = server.domainSocketPath(DOMID);
    const guest = await progress.step("Making the demo guest", () =>
      startGuest(xenstore, domainSocketPath, options),
    );
    closers.push(() => guest.close());
    const agentVersion = await progress.step("Waiting for its agent to set it up", () =>
      buildGuest(xenstore, guest, options.signal),
    );
    return { guest, close, summary: summarize(guest, { agentVersion, socketPath: server.socketPath }) };
  } catch (error) {
    await close();
    throw error;
  }
}

function startGuest(
  xenstore: XenstoreClient,
  domainSocketPath: string,
  options: DemoOptions,
): Promise<DemoGuest> {
  const { directory, enclosure } = options;
  return explain(
    DemoGuest.start({
      xenstore,
      domainSocketPath,
      domain: demoDomain(),
      tree: directory.guestTree,
      agent: AGENT,
      enclosure,
    }),
    "npm start -- --guest root-tree does with files alone",
  );
}

/** What a host does with a new guest first: it waits for the agent and lets it set up the network. */
async function buildGuest(xenstore: XenstoreClient, guest: DemoGuest, signal: AbortSignal): Promise<string> {
  const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  const call = { domid: guest.domain.domid, signal };
  const build = async () => {
    const { version } = await readVersion(connector, { ...call, timeoutMs: AGENT_START_TIMEOUT_MS });
    const { isConfirmed, message } = await resetNetwork(connector, call);
    // What a host must take for success from old agents is none from ours.
    if (!isConfirmed) throw new Error(message);
    return version;
  };
  return explain(
    guest.whileAgentRuns(build()),
    "npm run build makes it anew; npm start -- --guest root-tree does with files alone",
  );
}

async function explain<Result>(work: Promise<Result>, wayOut: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ControlError("GUEST_NOT_STARTED", message, { wayOut, cause: error });
  }
}

function demoDomain(): DemoDomain {
  const hasIpv6 = process.platform !== "linux" || existsSync("/proc/sys/net/ipv6");
  return {
    domid: DOMID,
    name: "demo",
    uuid: randomUUID(),
    hostname: "demo",
    networks: demoNetworks({ hasIpv6 }),
    memoryKib: 524_288,
  };
}

function summarize(
  guest: DemoGuest,
  { agentVersion, socketPath }: { readonly agentVersion: string; readonly socketPath: string },
): DemoSummary {
  const { domain, enclosure } = guest;
  return {
    socketPath,
    agentVersion,
    guestName: domain.name,
    domid: domain.domid,
    hostname: domain.hostname,
    enclosure: enclosure.kind,
    reason: guest.reason,
    ifupdown: enclosure.ifupdown,
    tree: guest.tree,
    logPath: guest.logPath,
    enterCommand: enclosure.enterCommand,
  };
}
