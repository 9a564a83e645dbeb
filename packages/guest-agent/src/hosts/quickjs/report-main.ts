import * as os from "native:os";
import { createSystemLogger } from "../../log.ts";
import type { Parts } from "../../command-line/program.ts";
import { runXeDaemon, type XeDaemonSettings } from "../../report/xe-daemon.ts";
import { createReportSystem } from "./report-system.ts";
import type { Runtime } from "./runtime.ts";

/** What the daemon is told by the program that reads command line and configuration. */
export interface ReportTask extends Pick<Parts, "config" | "root"> {
  readonly settings: XeDaemonSettings;
}

/** Reports on the guest until the service is asked to end. */
export async function report(text: string, runtime: Runtime): Promise<void> {
  // The program's own words: it set the variable.
  const { config, root, settings } = JSON.parse(text) as ReportTask;
  const system = createReportSystem(runtime, () => config.xenstorePath);
  const log = createSystemLogger(system, config.logLevel);
  await runXeDaemon({ system, log, root, releaseMemory: () => os.releaseMemory(), ...settings });
}
