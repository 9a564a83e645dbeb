import { runGuestctl } from "../../run.ts";
import { createNodeHost } from "./node-host.ts";

process.exitCode = await runGuestctl(process.argv.slice(2), createNodeHost());
