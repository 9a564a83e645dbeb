import * as os from "native:os";
import type { DiskSpace, System } from "../../system/system.ts";
import { createNativeFiles } from "./native-files.ts";
import { networkAddresses, watchNetwork } from "./network.ts";
import { type ProgramHost, runProgram } from "./run-program.ts";
import type { Runtime } from "./runtime.ts";
import { createServiceSystem } from "./service-system.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The System of the static executable, for Linux guests. */
export function createQuickjsSystem(runtime: Runtime, xenstorePath: () => string | undefined): System {
  const path = os.environment("PATH") ?? DEFAULT_PATH;
  const service = createServiceSystem(runtime, xenstorePath);
  // Programs get nothing else of the environment, and speak English, which is what the host is told.
  const environment = [`PATH=${path}`, "LC_ALL=C", "HOME=/root"];
  const host: ProgramHost = { programs: runtime.programs, clock: service.clock, path, environment };
  return { ...service, files: createNativeFiles(), run: (call) => runProgram(call, host) };
}
