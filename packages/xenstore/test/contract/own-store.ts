import { createTransportPair, serve, Store } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import type { StoreFixture, StoreUnderTest } from "@nova-agent/xenstore/testing";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";

/** This package's store, reached through memory. */
export const memoryStoreFixture: StoreFixture = {
  store: "ours",
  async start(domains) {
    const { store, hypervisor } = makeStore(domains);
    return {
      ...hypervisor,
      async connect(domid) {
        const [left, right] = createTransportPair();
        serve(store, right, { domid, clock: nodeClock });
        return left;
      },
      close: async () => undefined,
    };
  },
};

/** A store with introduced domains that is served in a folder of its own. */
export interface StoreOnSockets extends StoreUnderTest {
  readonly socketPath: string;
  /** The socket of an introduced domain; dom0's for 0. */
  domainSocketPath(domid: number): string;
}

/** Starts this package's store and serves it on unix sockets; `close` ends it and removes its folder. */
export async function startStoreOnSockets(domains: readonly number[]): Promise<StoreOnSockets> {
  const { store, hypervisor } = makeStore(domains);
  const directory = await makeTemporaryDirectory();
  const listener = await listenXenstore({ store, clock: nodeClock, directory });
  return {
    ...hypervisor,
    socketPath: listener.socketPath,
    domainSocketPath: (domid) => listener.domainSocketPath(domid),
    connect: (domid) => connectUnix(listener.domainSocketPath(domid))(),
    async close() {
      await listener.close();
      await removeDirectory(directory);
    },
  };
}

/** This package's store, reached through sockets. */
export const socketStoreFixture: StoreFixture = { store: "ours", start: startStoreOnSockets };

/** A store, and the hypervisor that it believes to run under. */
function makeStore(domains: readonly number[]): {
  readonly store: Store;
  readonly hypervisor: Omit<StoreUnderTest, "connect" | "close">;
} {
  const alive = new Set(domains);
  const store = new Store({ domainExists: (domid) => alive.has(domid) });
  for (const domid of domains) store.introduce(domid);
  return {
    store,
    hypervisor: {
      createDomain: async (domid) => void alive.add(domid),
      async introduceDomain(domid) {
        alive.add(domid);
        store.introduce(domid);
      },
      shutDownDomain: async (domid) => store.shutDown(domid),
      async destroyDomain(domid) {
        alive.delete(domid);
        store.release(domid);
      },
    },
  };
}
