import { randomUUID } from "node:crypto";
import { type Clock, type Connect, XenstoreClient } from "@nova-agent/xenstore";
import { Agent, type AgentOptions } from "../../src/service/agent.ts";
import { commands } from "../../src/commands/index.ts";
import {
  LocalHandler,
  type LocalHandlerOptions,
  type TakeDecision,
} from "../../src/workers/local-handler.ts";
import { createLogger } from "../../src/log.ts";
import type { Reply } from "../../src/protocol/reply.ts";
import { createGate } from "./gate.ts";
import { createFakeSystem, type FakeSystem, type FakeSystemOptions } from "./fake-system.ts";

/** The guest whose agent is tested. */
export const DOMID = 7;

const base = `/local/domain/${DOMID}`;

/** What is unusual about an agent; with `take` it decides and carries nothing out. */
export type AgentParts = Partial<Omit<AgentOptions, "dryRun"> & LocalHandlerOptions> & {
  readonly take?: TakeDecision;
};

/** Where the agent and the host find XenStore, and what is unusual about the agent. */
export interface HarnessOptions {
  readonly connectHost: Connect;
  readonly connectGuest: Connect;
  readonly clock: Clock;
  /** The clock of the clients, when it is another one. */
  readonly clientClock?: Clock;
  readonly run?: FakeSystemOptions["run"];
  readonly agent?: AgentParts;
}

/** An agent on a fake guest, and the host that asks it. */
export interface Harness {
  readonly host: XenstoreClient;
  readonly guest: XenstoreClient;
  readonly system: FakeSystem;
  readonly agent: Agent;
  /** Resolves when the agent says that it is ready. */
  readonly ready: Promise<void>;
  /** The agent's log lines. */
  readonly lines: readonly string[];
  /** Writes a request and waits for its answer, which stays where it is. */
  readonly ask: (name: string, value?: unknown) => Promise<Reply>;
  /** The same with the request's own text or bytes, and its id. */
  readonly askRaw: (request: string | Uint8Array, requestId?: string) => Promise<Reply>;
  /** Writes a request and does not wait. */
  readonly put: (requestId: string, request: string | Uint8Array) => Promise<void>;
  /** Waits for the answer to a request. */
  readonly answer: (requestId: string) => Promise<Reply>;
  /** What stands in `data/host` or `data/guest`. */
  readonly list: (directory: "host" | "guest") => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** The nodes that a toolstack makes for a guest: `data` is the guest's own. */
export async function prepareGuest(host: XenstoreClient): Promise<void> {
  await host.makeDirectory(`${base}/data`);
  await host.setPermissions(base, [
    { domid: 0, read: false, write: false },
    { domid: DOMID, read: true, write: false },
  ]);
  await host.setPermissions(`${base}/data`, [{ domid: DOMID, read: false, write: false }]);
}

/** Prepares the guest's nodes and starts its agent; `before` writes what waits at the start. */
export async function startHarness(
  options: HarnessOptions,
  before: (host: XenstoreClient) => Promise<void> = () => Promise.resolve(),
): Promise<Harness> {
  const { clock, clientClock = clock } = options;
  const host = await XenstoreClient.open({ connect: options.connectHost, clock: clientClock });
  await prepareGuest(host);
  await before(host);
  const guest = await XenstoreClient.open({ connect: options.connectGuest, clock: clientClock });
  const system = createFakeSystem(options.run === undefined ? { clock } : { clock, run: options.run });
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line), unixTime: () => 0 });
  const ready = createGate();
  const { take, ...unusual } = options.agent ?? {};
  const handler = new LocalHandler({ xenstore: guest, system, log, commands, root: "/", ...unusual });
  const show = (requestId: string, bytes: Uint8Array): Promise<void> =>
    take === undefined ? Promise.resolve() : handler.show({ requestId, bytes, take });
  const dryRun = take === undefined ? {} : { dryRun: show };
  const parts = { client: guest, clock: system.clock, log, ready: ready.open, ...dryRun, ...unusual };
  const agent = Agent.start({ handler, ...parts });
  const close = async (): Promise<void> => {
    await agent.close();
    await Promise.all([guest.close(), host.close()]);
  };
  return { host, guest, system, agent, ready: ready.passed, lines, ...hostSide(host), close };
}

export function hostSide(host: XenstoreClient): Pick<Harness, "ask" | "askRaw" | "put" | "answer" | "list"> {
  const put = (requestId: string, request: string | Uint8Array): Promise<void> =>
    host.write(`${base}/data/host/${requestId}`, request);
  const answer = async (requestId: string): Promise<Reply> => {
    const path = `${base}/data/guest/${requestId}`;
    for await (const _event of host.watch(path)) {
      if (await host.exists(path)) break;
    }
    return JSON.parse(await host.readText(path)) as Reply;
  };
  const askRaw = async (request: string | Uint8Array, requestId: string = randomUUID()): Promise<Reply> => {
    await put(requestId, request);
    return answer(requestId);
  };
  return {
    put,
    answer,
    askRaw,
    ask: (name, value) => askRaw(JSON.stringify({ name, value })),
    list: async (directory) => {
      const path = `${base}/data/${directory}`;
      return (await host.exists(path)) ? host.list(path) : [];
    },
  };
}
