import { startRealXenstored, type XenstoredKind } from "@nova-agent/testbed";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { type AgentParts, DOMID, type Harness, startHarness } from "./agent-harness.ts";

/** The servers of Xen, each with what a test of it needs. */
export const realXenstoreds: readonly (readonly [XenstoredKind, "xenstored" | "oxenstored"])[] = [
  ["c", "xenstored"],
  ["ox", "oxenstored"],
];

/** An agent on a server of Xen's own. */
export interface AgentOnServer {
  readonly kind: XenstoredKind;
  readonly agent?: AgentParts;
  /** Writes what is there at the start. */
  readonly before?: (host: XenstoreClient) => Promise<void>;
}

/** Runs a test with an agent on a server, and ends both however the test ends. */
export async function withRealXenstored(
  options: AgentOnServer,
  body: (harness: Harness) => Promise<void>,
): Promise<void> {
  const { kind, agent, before } = options;
  const server = await startRealXenstored({ kind, domains: [DOMID] });
  try {
    const parts = {
      connectHost: connectUnix(server.socketPath),
      connectGuest: connectUnix(server.domainSocketPath(DOMID)),
      clock: nodeClock,
      ...(agent && { agent }),
    };
    const harness = await startHarness(parts, before);
    try {
      await body(harness);
    } finally {
      await harness.close();
    }
  } finally {
    await server.close();
  }
}
