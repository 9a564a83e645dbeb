import { readFileSync } from "node:fs";
import { Agent, commands, createLogger, LocalHandler } from "@nova-agent/guest-agent";
import { createNodeSystem } from "@nova-agent/guest-agent/node";
import { createTransportPair, serve, Store, type Transport, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { BenchHost } from "./agent-host.ts";
import type { NetworkRound, RoundResult } from "./network.ts";

// The guest of the network's bench: carries the rounds on its standard input (JSON) out on the machine it runs
// on, with an agent and an XenStore in this process, and prints a line of JSON for each.

const DOMID = 7;
const BASE = `/local/domain/${DOMID}`;

const store = new Store();
store.introduce(DOMID);
const connect = (domid: number) => async (): Promise<Transport> => {
  const [client, server] = createTransportPair();
  serve(store, server, { domid, clock: nodeClock });
  return client;
};
const dom0 = await XenstoreClient.open({ connect: connect(0), clock: nodeClock });
await dom0.makeDirectory(`${BASE}/data`);
await dom0.setPermissions(BASE, [
  { domid: 0, read: false, write: false },
  { domid: DOMID, read: true, write: false },
]);
await dom0.setPermissions(`${BASE}/data`, [{ domid: DOMID, read: false, write: false }]);
const host = new BenchHost(dom0, DOMID);
const system = createNodeSystem({ connectXenstore: connect(DOMID), environment: process.env });
const client = await XenstoreClient.open({ connect: connect(DOMID), clock: nodeClock });
const log = createLogger({ level: "error", write: (line) => console.error(line), unixTime: () => 0 });
const handler = new LocalHandler({ xenstore: client, system, log, commands, root: "/" });
const agent = Agent.start({ client, clock: nodeClock, log, handler });
await host.ask("version", "");

for (const round of JSON.parse(readFileSync(0, "utf8")) as readonly NetworkRound[]) {
  process.stdout.write(`${JSON.stringify(await run(round))}\n`);
}
await host.close();
await agent.close();
await client.close();
await dom0.close();

async function run(round: NetworkRound): Promise<RoundResult> {
  for (const [key, value] of Object.entries(round.networking)) {
    await dom0.write(`${BASE}/vm-data/networking/${key}`, JSON.stringify(value));
  }
  const before = lastProcessId();
  const { reply, durationMs } = await host.ask("resetnetwork", "");
  if (reply.returncode !== "0") throw new Error(`${round.what}: ${reply.returncode} ${reply.message}`);
  return { what: round.what, durationMs, processes: lastProcessId() - before };
}

/** Of this namespace (proc(5)); threads count as well, but this process starts none while it works. */
function lastProcessId(): number {
  return Number(readFileSync("/proc/sys/kernel/ns_last_pid", "utf8"));
}
