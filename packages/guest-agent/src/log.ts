import type { System } from "./system/system.ts";

/** What a line of the log tells beside its message. Never the value of a request, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** How loud a line is: `error` someone must act, `warn` degraded, `info` life cycle, `debug` the rest. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where the agent tells what it does: a fixed message a kind of event, the facts as fields. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** Where lines go and when they are written. */
export interface LogOptions {
  /** Lines below it are left out. */
  readonly level: LogLevel;
  /** Takes one line without its line feed. */
  readonly write: (line: string) => void;
  /** Seconds since 1970. */
  readonly unixTime: () => number;
}

const loudness: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log of one JSON object a line: `time`, `level`, `message`, then the fields. */
export function createLogger(options: LogOptions): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (loudness[level] < loudness[options.level]) return;
    const time = new Date(options.unixTime() * 1000).toISOString();
    options.write(JSON.stringify({ time, level, message, ...fields }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The log of a process of the agent, where its system has it. */
export function createSystemLogger(system: Pick<System, "log" | "unixTime">, level: LogLevel): Logger {
  return createLogger({ level, write: (line) => system.log(line), unixTime: () => system.unixTime() });
}
