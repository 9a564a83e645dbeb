import { join } from "node:path";
import type { Log } from "@nova-agent/host";
import { destination, pino } from "pino";

/** A log with one JSON line an event, in a file for this user alone. */
export interface ServiceLog {
  readonly log: Log;
  readonly path: string;
}

/** Opens the log in the run directory. */
export function openLog(directory: string): ServiceLog {
  const path = join(directory, "control.log");
  const file = destination({ dest: path, mode: 0o600, sync: true });
  const logger = pino({ base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }, file);
  return {
    path,
    log: {
      info: (message, fields = {}) => logger.info(fields, message),
      warn: (message, fields = {}) => logger.warn(fields, message),
      error: (message, fields = {}) => logger.error(fields, message),
    },
  };
}
