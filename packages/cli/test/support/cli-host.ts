import type { TestContext } from "node:test";
import { type Answer, FakeGuest, makeDomain } from "@nova-agent/host/testing";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";

/** XenStore on a socket, domain 5 named web-1 with a fake guest, domain 6 named db without one. */
export interface CliHost {
  readonly socketPath: string;
  readonly xenstore: XenstoreClient;
  readonly guest: FakeGuest;
  /** Domain 5 ends, and its guest comes back as domain 8. */
  readonly moveGuest: (answer: Answer) => Promise<void>;
  /** XenStore ends for everybody. */
  readonly closeServer: () => Promise<void>;
}

export async function startCliHost(context: TestContext, answer: Answer = () => "ignore"): Promise<CliHost> {
  const closers: (() => Promise<void>)[] = [];
  context.after(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const directory = await makeTemporaryDirectory();
  closers.push(() => removeDirectory(directory));
  const store = new Store();
  const server = await listenXenstore({ store, clock: nodeClock, directory });
  closers.push(() => server.close());
  store.introduce(5);
  store.introduce(6);
  const open = async (path: string): Promise<XenstoreClient> => {
    const client = await XenstoreClient.open({
      connect: connectUnix(path),
      clock: nodeClock,
      reconnect: false,
    });
    closers.push(() => client.close());
    return client;
  };
  const xenstore = await open(server.socketPath);
  const described = { name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000005" };
  await makeDomain(xenstore, { domid: 5, ...described });
  await makeDomain(xenstore, { domid: 6, name: "db" });
  const guest = await FakeGuest.start(await open(server.domainSocketPath(5)), answer);
  closers.push(() => guest.close());
  const moveGuest = async (moved: Answer): Promise<void> => {
    store.release(5);
    await xenstore.remove("/local/domain/5");
    store.introduce(8);
    await makeDomain(xenstore, { domid: 8, ...described });
    const restored = await FakeGuest.start(await open(server.domainSocketPath(8)), moved);
    closers.push(() => restored.close());
  };
  const closeServer = (): Promise<void> => server.close();
  return { socketPath: server.socketPath, xenstore, guest, moveGuest, closeServer };
}
