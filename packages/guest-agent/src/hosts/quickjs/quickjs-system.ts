import * as os from "native:os";
import type { System } from "../../system/system.ts";
import { createReportSystem } from "./report-system.ts";
import { type ProgramHost, runProgram } from "./run-program.ts";
import type { Runtime } from "./runtime.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The System of the static executable, for Linux guests. */
export function createQuickjsSystem(runtime: Runtime, xenstorePath: () => string | undefined): System {
  const path = os.environment("PATH") ?? DEFAULT_PATH;
  const system = createReportSystem(runtime, xenstorePath);
  // Programs get nothing else of the environment, and speak English, which is what the host is told.
  const environment = [`PATH=${path}`, "LC_ALL=C", "HOME=/root"];
  const host: ProgramHost = { programs: runtime.programs, clock: system.clock, path, environment };
  return { ...system, run: (call) => runProgram(call, host) };
}
