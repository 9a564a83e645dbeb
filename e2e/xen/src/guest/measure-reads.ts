import { XenstoreClient } from "@nova-agent/xenstore";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";

// Prints the milliseconds that each of READS reads of the guest's own domid took, one a line.

const READS = 200;

const client = await XenstoreClient.open({ connect: findXenstore({}).connect, clock: nodeClock });
for (let index = 0; index < READS; index += 1) {
  const startedAt = performance.now();
  await client.read("domid");
  console.log((performance.now() - startedAt).toFixed(3));
}
await client.close();
