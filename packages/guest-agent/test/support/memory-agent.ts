import type { Clock, Quotas, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { type AgentParts, type Harness, startHarness } from "./agent-harness.ts";
import type { FakeSystemOptions } from "./fake-system.ts";
import { createMemoryXenstore, type MemoryXenstore } from "./memory-xenstore.ts";

/** What is unusual about an agent on a XenStore in this process. */
export interface MemoryAgentOptions {
  readonly clock?: Clock;
  /** The clock of the clients, when it is another one. */
  readonly clientClock?: Clock;
  readonly quotas?: Partial<Quotas>;
  readonly run?: FakeSystemOptions["run"];
  readonly agent?: AgentParts;
  /** Writes what is there at the start. */
  readonly before?: (host: XenstoreClient, xenstore: MemoryXenstore) => Promise<void>;
}

/** Runs a test with an agent, and ends the agent however the test ends. */
export async function withMemoryAgent(
  options: MemoryAgentOptions,
  body: (harness: Harness & { readonly xenstore: MemoryXenstore }) => Promise<void>,
): Promise<void> {
  const { clock = nodeClock, clientClock = clock, quotas, run, agent, before } = options;
  const xenstore = createMemoryXenstore(quotas);
  const { connectHost, connectGuest } = xenstore;
  const parts = {
    connectHost,
    connectGuest,
    clock,
    clientClock,
    ...(run && { run }),
    ...(agent && { agent }),
  };
  const harness = await startHarness(parts, async (host) => before?.(host, xenstore));
  try {
    await body({ ...harness, xenstore });
  } finally {
    await harness.close();
  }
}
