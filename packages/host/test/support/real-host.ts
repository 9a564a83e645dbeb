import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { startRealXenstored, type RealXenstored, type XenstoredKind } from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { HostConnector } from "../../src/index.ts";
import { type Answer, FakeGuest } from "../../src/testing/fake-guest.ts";
import { makeDomain } from "../../src/testing/make-domain.ts";

/** Debian's own server with domain 5, a fake guest in it and a connector above it. */
export interface RealHost {
  readonly server: RealXenstored;
  readonly xenstore: XenstoreClient;
  readonly connector: HostConnector;
  readonly guest: FakeGuest;
  /** Brings the guest back under another domid, as a toolstack does: nodes first, then the introduction. */
  readonly restoreGuest: (domid: number, answer: Answer) => Promise<void>;
}

export async function startRealHost(
  context: TestContext,
  { kind, answer }: { readonly kind: XenstoredKind; readonly answer: Answer },
): Promise<RealHost> {
  const server = await startRealXenstored({ kind, domains: [5] });
  context.after(() => server.close());
  const open = async (path: string): Promise<XenstoreClient> => {
    const client = await XenstoreClient.open({
      connect: connectUnix(path),
      clock: nodeClock,
      reconnect: false,
    });
    context.after(() => client.close());
    return client;
  };
  const xenstore = await open(server.socketPath);
  const described = { name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000005" };
  await makeDomain(xenstore, { domid: 5, ...described });
  const guest = await FakeGuest.start(await open(server.domainSocketPath(5)), answer);
  const restoreGuest = async (domid: number, restored: Answer): Promise<void> => {
    await server.createDomain(domid);
    await makeDomain(xenstore, { domid, ...described });
    await server.introduceDomain(domid);
    await FakeGuest.start(await open(server.domainSocketPath(domid)), restored);
  };
  const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  return { server, xenstore, connector, guest, restoreGuest };
}
