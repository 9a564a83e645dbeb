import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type Connect,
  createTransportPair,
  serve,
  type ServerSession,
  Store,
  type Transport,
  XenstoreClient,
} from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { HostConnector } from "../../src/index.ts";
import { type Answer, FakeGuest } from "../../src/testing/fake-guest.ts";
import { makeDomain, type DomainToMake } from "../../src/testing/make-domain.ts";
import { FailingTransport } from "./failing-transport.ts";
import { ManualClock } from "./manual-clock.ts";

/** The UUID of the guest that begins in domain 5. */
export const GUEST_UUID = "ec2f3f0c-0000-4000-8000-000000000005";

/** A host in memory: a store, dom0's connector on a clock that stands still, and fake guests. */
export interface World {
  /** The connector's own connection. */
  readonly xenstore: XenstoreClient;
  readonly connector: HostConnector;
  /** Of the connector; XenStore has another one. */
  readonly clock: ManualClock;
  /** The guest of domain 5. */
  readonly guest: FakeGuest;
  /** Another connection of dom0, as another process has it; `end` ends it from the server's side. */
  connect(
    wrap: (transport: Transport) => Transport,
  ): Promise<{ readonly client: XenstoreClient; readonly end: () => void }>;
  addDomain(domain: DomainToMake): Promise<void>;
  addGuest(domid: number, answer: Answer): Promise<FakeGuest>;
  /** As a toolstack does it: release, then removal of the domain's node. */
  endDomain(domid: number): Promise<void>;
  /** Writes a reply with code 0, of domain 5 unless another is named. */
  reply(id: string, message: string, domid?: number): Promise<void>;
  /** Names below a path of domain 5 or another; none when the path is not there. */
  nodes(path: string, domid?: number): Promise<readonly string[]>;
  /** Fails when the connector has left a watch or an alarm behind. */
  assertQuiet(): void;
  /** Ends the connector's connection from the other side. */
  breakConnection(): void;
  /** Ends the connector's connection at its next request. */
  failNextRequest(): void;
}

interface Opened {
  readonly client: XenstoreClient;
  /** Ends the connection from the server's side. */
  readonly breakConnection: () => void;
  /** Ends the connection at the next request. */
  readonly failNextRequest: () => void;
  /** Watches of the connection that were made and not ended. */
  readonly watchCount: () => number;
}

export interface WorldOptions {
  /** What the guest of domain 5 does; it leaves requests alone unless this says otherwise. */
  readonly answer?: Answer;
  /** Whether a connection that breaks is made again. */
  readonly reconnect?: boolean;
}

interface OpenOptions {
  readonly store: Store;
  readonly domid: number;
  readonly reconnect: boolean;
}

/** Domain 5, named web-1, with a fake guest in it. */
export async function createWorld(
  context: TestContext,
  { answer = () => "ignore", reconnect = false }: WorldOptions = {},
): Promise<World> {
  const store = new Store();
  const closers: (() => Promise<void>)[] = [];
  context.after(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const open = async (domid: number): Promise<Opened> => {
    const opened = await openClient({ store, domid, reconnect });
    closers.push(() => opened.client.close());
    return opened;
  };
  const addGuest = async (domid: number, answer: Answer): Promise<FakeGuest> => {
    const guest = await FakeGuest.start((await open(domid)).client, answer);
    closers.push(() => guest.close());
    return guest;
  };
  const connection = await open(0);
  const { client: toolstack } = await open(0);
  const addDomain = async (domain: DomainToMake): Promise<void> => {
    store.introduce(domain.domid);
    await makeDomain(toolstack, domain);
  };
  await addDomain({ domid: 5, name: "web-1", uuid: GUEST_UUID });
  const clock = new ManualClock();
  return {
    xenstore: connection.client,
    connector: new HostConnector({ xenstore: connection.client, clock, newId: countingIds() }),
    clock,
    guest: await addGuest(5, answer),
    connect: (wrap) => connectAs(store, wrap),
    addDomain,
    addGuest,
    async endDomain(domid) {
      await toolstack.release(domid);
      await toolstack.remove(`/local/domain/${domid}`);
    },
    reply: (id, message, domid = 5) =>
      toolstack.write(
        `/local/domain/${domid}/data/guest/${id}`,
        JSON.stringify({ returncode: "0", message }),
      ),
    nodes: async (path, domid = 5) => toolstack.list(`/local/domain/${domid}/${path}`).catch(() => []),
    assertQuiet: () =>
      assert.deepEqual([connection.watchCount(), clock.alarmCount], [0, 0], "watches and alarms"),
    breakConnection: connection.breakConnection,
    failNextRequest: connection.failNextRequest,
  };
}

async function openClient({ store, domid, reconnect }: OpenOptions): Promise<Opened> {
  const clock = reconnect ? nodeClock : new ManualClock();
  const sessions: ServerSession[] = [];
  const transports: FailingTransport[] = [];
  const connect: Connect = async () => {
    const [near, far] = createTransportPair();
    sessions.push(serve(store, far, { domid, clock }));
    const transport = new FailingTransport(near);
    transports.push(transport);
    return transport;
  };
  const client = await XenstoreClient.open({ connect, clock, reconnect });
  return {
    client,
    breakConnection: () => sessions.at(-1)?.close(),
    failNextRequest: () => transports.at(-1)?.failNextSend(),
    watchCount: () => transports.at(-1)?.watchCount ?? 0,
  };
}

/** The client is not closed: it may be that of a process that was killed. */
async function connectAs(
  store: Store,
  wrap: (transport: Transport) => Transport,
): Promise<{ readonly client: XenstoreClient; readonly end: () => void }> {
  const clock = new ManualClock();
  const [near, far] = createTransportPair();
  const session = serve(store, far, { domid: 0, clock });
  const connect: Connect = async () => wrap(near);
  const client = await XenstoreClient.open({ connect, clock, reconnect: false });
  return { client, end: () => session.close() };
}

/** GUIDs that count from 1. */
function countingIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `00000000-0000-4000-8000-${String(last).padStart(12, "0")}`;
  };
}
