import { Agent } from "./agent.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import { Notices } from "./notices.ts";
import { openClient } from "./open-client.ts";
import { Pause } from "../pause.ts";
import { RequestRecord } from "./request-record.ts";
import { START_HELD_MAX_MS } from "../system/limits.ts";
import type { ServiceSystem } from "../system/system.ts";
import { AGENT_VERSION } from "../version.ts";
import type { Workers } from "../workers/workers.ts";

/** What the service stands on. */
export interface ServiceOptions {
  readonly system: ServiceSystem;
  readonly log: Logger;
  readonly config: Config;
  readonly workers: Workers;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
}

/**
 * Serves requests until the service is asked to end; then the request in hand is finished first. A
 * XenStore that is not there yet is waited for, because its device may appear late. First the agent
 * brings host name and network about by itself. systemd is told `READY=1` before the agent calls on services
 * of the network, which are ordered behind it; other service managers when the requests that waited at
 * the start are served. Neither waits for ever, be it for XenStore: the network of a guest that cannot be
 * reached through XenStore is the only way to it. A watchdog of the service manager is told at every look
 * for requests, and at every attempt to reach XenStore.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { system, log, config, workers, root } = options;
  const pause = new Pause(system.clock);
  let isEnding = false;
  const terminated = new Promise<void>((resolve) => {
    system.onTerminate(() => {
      isEnding = true;
      pause.end();
      resolve();
    });
  });
  log.info("Starting", { version: AGENT_VERSION, root });
  const notices = new Notices(options);
  const ready = once(() => {
    cancelLimit();
    log.info("Ready");
    notices.tell("READY=1");
  });
  const cancelLimit = system.clock.after(START_HELD_MAX_MS, () => {
    log.warn("The start takes long, and holds nothing up any more", { limitMs: START_HELD_MAX_MS });
    ready();
  });
  const polling = pollingOf(options, notices);
  const client = await openClient({ system, log, pause, isEnding: () => isEnding, ...polling });
  if (client === undefined) return cancelLimit();
  const { replyKeptMs } = config;
  const atStart = () => workers.startUp({ client, pause, ready });
  const carryOut = workers.handler(client);
  // The files of another system are no service of this one.
  const handler = root === "/" ? new RequestRecord(carryOut, system) : carryOut;
  const parts = { client, clock: system.clock, log, handler };
  const agent = Agent.start({ ...parts, atStart, ready, replyKeptMs, ...polling });
  await terminated;
  cancelLimit();
  log.info("Ending");
  notices.tell("STOPPING=1");
  await agent.close();
  await client.close();
  await notices.told();
}

interface Polling {
  /** Longest time between two signs of life. */
  readonly pollIntervalMs: number;
  readonly onPoll: () => void;
}

/** The slow look for requests is the one thing that wakes an idle agent up: a watchdog hears of that. */
function pollingOf({ system: { watchdogMs }, config }: ServiceOptions, notices: Notices): Polling {
  const { pollIntervalMs } = config;
  if (watchdogMs === undefined) return { pollIntervalMs, onPoll: () => {} };
  const onPoll = () => notices.tell("WATCHDOG=1");
  return { pollIntervalMs: Math.min(pollIntervalMs, watchdogMs / 2), onPoll };
}

function once(body: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    body();
  };
}
