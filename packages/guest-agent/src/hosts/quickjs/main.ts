import * as os from "native:os";
import { EventLoop, Programs } from "@nova-agent/quickjs";
import { REPORT_VARIABLE, SERVICE_VARIABLE, WORKER_ARGUMENT } from "./self.ts";

const loop = EventLoop.start();
const runtime = { loop, programs: new Programs(loop) };
const [programPath = "", ...args] = os.programArguments();
const [word, argument] = args;
const service = os.environment(SERVICE_VARIABLE);
const report = os.environment(REPORT_VARIABLE);

// What each of them needs is loaded with it alone, above all what stays in memory: the service.
if (service !== undefined) await (await import("./service-main.ts")).serve(service, runtime);
else if (report !== undefined) await (await import("./report-main.ts")).report(report, runtime);
else if (word === WORKER_ARGUMENT && args.length === 2) {
  await (await import("./worker-main.ts")).work(Number(argument), runtime);
} else os.setExitStatus(await (await import("./program-main.ts")).run({ programPath, args }, runtime));
// What is still waited for belongs to what has ended.
loop.stop();
