import type { Command } from "../commands/command.ts";
import type { Config } from "../config.ts";
import { LocalHandler } from "./local-handler.ts";
import type { Logger } from "../log.ts";
import { startUp } from "../service/start-up.ts";
import type { System } from "../system/system.ts";
import type { Workers } from "./workers.ts";

/** What workers in this process stand on. */
export interface LocalWorkersOptions {
  readonly system: System;
  readonly log: Logger;
  readonly config: Config;
  readonly commands: ReadonlyMap<string, Command>;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
}

/** Does all in this process. */
export function createLocalWorkers(options: LocalWorkersOptions): Workers {
  const { config, commands, ...parts } = options;
  return {
    startUp: ({ client, pause, ready }) =>
      startUp({ ...parts, xenstore: client, isApplied: config.isAppliedAtStart, pause, ready }),
    handler: (client) => new LocalHandler({ ...parts, xenstore: client, config, commands }),
  };
}
