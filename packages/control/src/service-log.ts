import { join } from "node:path";
import type { Log } from "@nova-agent/host";
import { destination, type DestinationStream, pino } from "pino";

/** A log with one JSON line an event, in a file for this user alone. */
export interface ServiceLog {
  readonly log: Log;
  readonly path: string;
}

/** From which on lines are written. */
export type LogLevel = "info" | "warn" | "error";

/** Opens the log in the run directory. */
export function openLog(directory: string): ServiceLog {
  const path = join(directory, "control.log");
  return { path, log: createLog(destination({ dest: path, mode: 0o600, sync: true }), "info") };
}

/** A log that writes its lines to `stream`. */
export function createLog(stream: DestinationStream, level: LogLevel): Log {
  const logger = pino(
    { base: null, level, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    stream,
  );
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
