import { XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";

// Writes nodes below data/hoard until XenStore refuses, as a careless program of the guest might, and
// prints how many it were and with what code it was refused. `empty` removes them again.

const NODES_MAX = 5000;
const AT_ONCE = 8;
const NAME_WIDTH = 4;

const client = await XenstoreClient.open({ connect: findXenstore({}).connect, clock: nodeClock });
if (process.argv[2] === "empty") await client.remove("data/hoard");
else console.log(await fill());
await client.close();

// In folders of a hundred, because a folder's own size is limited too.
async function fill(): Promise<string> {
  let written = 0;
  for (let first = 0; first < NODES_MAX; first += AT_ONCE) {
    const paths = Array.from({ length: AT_ONCE }, (_, index) => pathOf(first + index));
    const outcomes = await Promise.allSettled(paths.map((path) => client.write(path, "")));
    written += outcomes.filter((outcome) => outcome.status === "fulfilled").length;
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    if (refused?.reason instanceof XenstoreError) return `${written} ${refused.reason.code}`;
    if (refused !== undefined) throw refused.reason;
  }
  throw new Error(`No quota met after ${written} nodes`);
}

function pathOf(index: number): string {
  const name = String(index).padStart(NAME_WIDTH, "0");
  return `data/hoard/${name.slice(0, 2)}/${name.slice(2)}`;
}
