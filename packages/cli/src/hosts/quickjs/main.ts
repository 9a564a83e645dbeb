import * as os from "native:os";
import { EventLoop } from "@nova-agent/quickjs";
import { runGuestctl } from "../../run.ts";
import { createQuickjsHost } from "./quickjs-host.ts";

const loop = EventLoop.start();
const host = createQuickjsHost(loop);
const [, ...args] = os.programArguments();
host.exit(await runGuestctl(args, host));
