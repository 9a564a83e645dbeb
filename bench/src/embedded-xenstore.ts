// The embedded XenStore as a process of its own: node embedded-xenstore.js DIRECTORY; says "ready", ends at SIGTERM.
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";

const [directory = "."] = process.argv.slice(2);
const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
process.once("SIGTERM", () => void server.close());
process.stdout.write("ready\n");
