import { connectUnix } from "@nova-agent/xenstore/node";
import type { StoreFixture } from "@nova-agent/xenstore/testing";
import { startRealXenstored, type XenstoredKind } from "@nova-agent/testbed";

/** Debian's xenstored or oxenstored as a store under test. */
export function realStoreFixture(kind: XenstoredKind): StoreFixture {
  return {
    store: kind,
    async start(domains) {
      const server = await startRealXenstored({ kind, domains });
      return {
        ...server,
        connect: (domid) => connectUnix(domid === 0 ? server.socketPath : server.domainSocketPath(domid))(),
      };
    },
  };
}
