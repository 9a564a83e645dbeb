import type { TestContext } from "node:test";
import { createTransportPair, serve, Store, type ServerSession, XenstoreClient } from "@nova-agent/xenstore";
import { HostConnector } from "../../src/index.ts";
import { type Answer, FakeGuest } from "../../src/testing/fake-guest.ts";
import { makeDomain, type DomainToMake } from "../../src/testing/make-domain.ts";
import { ManualClock } from "./manual-clock.ts";

/** A host in memory: a store, dom0's connector on a clock that stands still, and fake guests. */
export interface World {
  /** The connector's own connection. */
  readonly xenstore: XenstoreClient;
  readonly connector: HostConnector;
  /** Of the connector; XenStore has another one. */
  readonly clock: ManualClock;
  /** The guest of domain 5. */
  readonly guest: FakeGuest;
  addDomain(domain: DomainToMake): Promise<void>;
  addGuest(domid: number, answer: Answer): Promise<FakeGuest>;
  /** As a toolstack does it: release, then removal of the domain's node. */
  endDomain(domid: number): Promise<void>;
  /** Writes a reply of domain 5 with code 0. */
  reply(id: string, message: string): Promise<void>;
  /** Names below a path of domain 5; none when the path is not there. */
  nodes(path: string): Promise<readonly string[]>;
  /** Ends the connector's connection from the other side. */
  breakConnection(): void;
}

interface Opened {
  readonly client: XenstoreClient;
  readonly session: ServerSession;
}

/** Domain 5, named web-1, with a fake guest that leaves requests alone unless `answer` says otherwise. */
export async function createWorld(
  context: TestContext,
  { answer = () => "ignore" }: { readonly answer?: Answer } = {},
): Promise<World> {
  const store = new Store();
  const closers: (() => Promise<void>)[] = [];
  context.after(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const open = async (domid: number): Promise<Opened> => {
    const opened = await openClient(store, domid);
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
  await addDomain({ domid: 5, name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000005" });
  const clock = new ManualClock();
  return {
    xenstore: connection.client,
    connector: new HostConnector({ xenstore: connection.client, clock, newId: countingIds() }),
    clock,
    guest: await addGuest(5, answer),
    addDomain,
    addGuest,
    async endDomain(domid) {
      await toolstack.release(domid);
      await toolstack.remove(`/local/domain/${domid}`);
    },
    reply: (id, message) =>
      toolstack.write(`/local/domain/5/data/guest/${id}`, JSON.stringify({ returncode: "0", message })),
    nodes: async (path) => toolstack.list(`/local/domain/5/${path}`).catch(() => []),
    breakConnection: () => connection.session.close(),
  };
}

async function openClient(store: Store, domid: number): Promise<Opened> {
  const clock = new ManualClock();
  const [near, far] = createTransportPair();
  const session = serve(store, far, { domid, clock });
  const client = await XenstoreClient.open({ connect: async () => near, clock, reconnect: false });
  return { client, session };
}

/** GUIDs that count from 1. */
function countingIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `00000000-0000-4000-8000-${String(last).padStart(12, "0")}`;
  };
}
