// A cloud as a process of its own: node cloud-main.js COUNT. Says {"url", "password", "serverId"} in one line when it
// serves, the password that of user `demo` and the id that of `server-0001`; ends at SIGTERM.
import { Closers } from "@nova-agent/control";
import { startCloud } from "./cloud.ts";

const [count = "1"] = process.argv.slice(2);
const closers = new Closers();
const cleanup = { after: (close: () => Promise<void>) => closers.add(close) };
const { url, passwordOf, serverIds } = await startCloud(cleanup, { servers: Number(count) });
process.once("SIGTERM", () => void closers.close());
const ready = { url, password: await passwordOf("demo"), serverId: serverIds[0] };
process.stdout.write(`${JSON.stringify(ready)}\n`);
