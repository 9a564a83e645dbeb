import type { Logger } from "../log.ts";
import { Notices } from "../service/notices.ts";
import { openClient } from "../service/open-client.ts";
import { Pause } from "../pause.ts";
import { rootFiles } from "../system/rooted-files.ts";
import type { ReportSystem } from "../system/system.ts";
import { AGENT_VERSION } from "../version.ts";
import { REPORT_HELD_MAX_MS } from "./limits.ts";
import { Reporter } from "./reporter.ts";

/** What can be set of the daemon on the command line. */
export interface XeDaemonSettings {
  readonly offersBalloon: boolean;
  /** Time between two looks at memory and disks. */
  readonly intervalMs: number;
}

/** What the daemon stands on. */
export interface XeDaemonOptions extends XeDaemonSettings {
  readonly system: ReportSystem;
  readonly log: Logger;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
  /** Gives back the memory that the start alone needed. */
  readonly releaseMemory?: () => void;
}

/**
 * Reports on the guest until it is asked to end. The service manager is told `READY=1` when everything
 * is in XenStore, or after a limit: a XenStore that does not come holds nothing up.
 */
export async function runXeDaemon(options: XeDaemonOptions): Promise<void> {
  const { system, log, root, offersBalloon, intervalMs } = options;
  const pause = new Pause(system.clock);
  const terminated = new Promise<void>((resolve) => {
    system.onTerminate(() => {
      pause.end();
      resolve();
    });
  });
  log.info("Starting xe-daemon", { version: AGENT_VERSION, root });
  const notices = new Notices({ system, log });
  let isReady = false;
  const ready = (): void => {
    if (isReady) return;
    isReady = true;
    cancelLimit();
    log.info("Ready");
    notices.tell("READY=1");
    options.releaseMemory?.();
  };
  const cancelLimit = system.clock.after(REPORT_HELD_MAX_MS, ready);
  const client = await openClient({ system, log, pause, isEnding: () => pause.isEnded });
  if (client === undefined) return cancelLimit();
  const facts = { version: AGENT_VERSION, offersBalloon };
  const files = rootFiles(system.files, root);
  const reporter = Reporter.start({ system: { ...system, files }, client, log, facts, intervalMs, ready });
  await terminated;
  cancelLimit();
  log.info("Ending");
  notices.tell("STOPPING=1");
  await reporter.close();
  await client.close();
  await notices.told();
}
