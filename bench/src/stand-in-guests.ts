// Guests without a line of the agent: node stand-in-guests.js DIRECTORY COUNT; DIRECTORY is that of the
// embedded XenStore, the guests are its domains 1 to COUNT. Says "ready", ends at SIGTERM.
import { join } from "node:path";
import { AgentAnswers, FakeGuest } from "@nova-agent/host/testing";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";

const [directory = ".", count = "1"] = process.argv.slice(2);
const domids = Array.from({ length: Number(count) }, (_, index) => index + 1);
for (const domid of domids) {
  const connect = connectUnix(join(directory, `dom${domid}.sock`));
  const client = await XenstoreClient.open({ connect, clock: nodeClock });
  await FakeGuest.start(client, new AgentAnswers().answer);
}
process.once("SIGTERM", () => process.exit(0));
process.stdout.write("ready\n");
