import { decodeUtf8, XenstoreError } from "@nova-agent/xenstore";
import { type CommandLine, CONFIG_PATH, parseCommandLine, USAGE } from "./command-line.ts";
import { type Config, DEFAULT_CONFIG, parseConfig } from "../config.ts";
import { AgentError, SystemError } from "../errors.ts";
import { CONFIG_MAX_BYTES, PASSWORD_INPUT_MAX_BYTES } from "../limits.ts";
import { createSystemLogger, type Logger, type LogLevel } from "../log.ts";
import type { XeDaemonSettings } from "../report/xe-daemon.ts";
import type { System } from "../system/system.ts";
import { attempt } from "../system/system-error.ts";
import { AGENT_VERSION } from "../version.ts";

const EXIT_FAILED = 1;

// sysexits.h, the numbers that service managers know by name.
const EX_USAGE = 64;
const EX_UNAVAILABLE = 69;
const EX_CONFIG = 78;

/** What every command stands on. */
export interface Parts {
  readonly system: System;
  readonly log: Logger;
  readonly config: Config;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
}

/** What the program needs of the runtime that it runs on. */
export interface ProgramHost {
  /** Connects to XenStore at a path, or where it is usually found when there is none. */
  createSystem(xenstorePath: () => string | undefined): System;
  print(text: string): void;
  printError(text: string): void;
  /** Standard input up to the end of its first line, or to its end; what is over `maxBytes` is left. */
  readInput(maxBytes: number): Promise<Uint8Array>;
  /** Path from the root on; throws what the operating system refuses. */
  resolvePath(path: string): string;
  /** The same without links, of a directory that is there. */
  resolveDirectory(path: string): string;
  /** Keeps this process's memory, which may hold a password, out of core dumps. */
  turnCoreDumpsOff(parts: Parts): Promise<void>;
  /** Has an error that reaches nobody logged before it ends the process. */
  onFault(log: Logger): void;
  /** Serves requests until the service is asked to end. */
  serve(parts: Parts): Promise<void>;
  /** Reports on the guest until the service is asked to end. */
  report(parts: Parts, settings: XeDaemonSettings): Promise<void>;
}

/** Does what the arguments behind the program's name ask for; resolves with the exit status. */
export async function runProgram(args: readonly string[], host: ProgramHost): Promise<number> {
  let commandLine: CommandLine;
  try {
    commandLine = parseCommandLine(args);
  } catch (error) {
    return complain(error, { host, status: EX_USAGE });
  }
  switch (commandLine.kind) {
    case "help":
    case "version":
      host.print(commandLine.kind === "help" ? USAGE : `nova-agent ${AGENT_VERSION}\n`);
      return 0;
    default:
      return withParts(commandLine, host);
  }
}

type Action = Extract<CommandLine, { root: string }>;

async function withParts(commandLine: Action, host: ProgramHost): Promise<number> {
  // Known only once the configuration is read, through the very system.
  let xenstorePath: string | undefined;
  const system = host.createSystem(() => xenstorePath);
  let config: Config;
  let root: string;
  try {
    config = readConfigFor(commandLine, { system, host });
    root = attempt(`Cannot use the root "${commandLine.root}"`, () =>
      host.resolveDirectory(commandLine.root),
    );
  } catch (error) {
    return complain(error, { host, status: EX_CONFIG });
  }
  xenstorePath = config.xenstorePath;
  const log = createSystemLogger(system, config.logLevel);
  host.onFault(log);
  return perform(commandLine, { system, log, config, root }, host);
}

function withLogLevel(parts: Parts, logLevel: LogLevel): Parts {
  const log = createSystemLogger(parts.system, logLevel);
  return { ...parts, log, config: { ...parts.config, logLevel } };
}

/** What an action stands on. */
interface ActionContext extends Parts {
  readonly host: ProgramHost;
  readonly print: (text: string) => void;
}

// Keyed by kind, so that an action without a row does not compile. What it needs is loaded on use.
const actions: {
  readonly [Kind in Action["kind"]]: (
    commandLine: Extract<Action, { kind: Kind }>,
    context: ActionContext,
  ) => Promise<number>;
} = {
  async serve({ isDryRun }, { host, print, ...parts }) {
    await host.turnCoreDumpsOff(parts);
    if (isDryRun) await showRequests(parts, print);
    else await host.serve(parts);
    return 0;
  },
  async network({ action, from, isJson }, context) {
    const { runNetworkCommand } = await import("./network-command.ts");
    const file = from === undefined ? undefined : context.host.resolvePath(from);
    return statusOf(await runNetworkCommand({ ...context, action, from: file, isJson }));
  },
  async undo(_commandLine, context) {
    const { runUndoCommand } = await import("./undo-command.ts");
    const { isAppliedAtStart } = context.config;
    return statusOf(await runUndoCommand({ ...context, isAppliedAtStart }));
  },
  async doctor({ isJson }, context) {
    const { runDoctorCommand } = await import("./doctor-command.ts");
    return runDoctorCommand({ ...context, passwordUser: context.config.passwordUser, isJson });
  },
  async rescue({ parts, isDryRun }, context) {
    const { host } = context;
    await host.turnCoreDumpsOff(context);
    const { runRescueCommand } = await import("./rescue-command.ts");
    const readInput = () => host.readInput(PASSWORD_INPUT_MAX_BYTES);
    const printError = (text: string) => host.printError(text);
    return statusOf(await runRescueCommand({ ...context, parts, isDryRun, readInput, printError }));
  },
  async status({ isJson }, context) {
    const { runStatusCommand } = await import("./status-command.ts");
    return runStatusCommand({ ...context, isJson });
  },
  async "xe-daemon"({ offersBalloon, intervalMs, pidFile, isDebug }, { host, print: _print, ...parts }) {
    const { writePidFile } = await import("../report/pid-file.ts");
    if (pidFile !== undefined) writePidFile(host.resolvePath(pidFile), parts.system.files);
    const settings = { offersBalloon, intervalMs };
    await host.report(isDebug ? withLogLevel(parts, "debug") : parts, settings);
    return 0;
  },
  async "xe-linux-distribution"({ output }, context) {
    const { runXeLinuxDistribution } = await import("../report/xe-linux-distribution.ts");
    const file = output === undefined ? undefined : context.host.resolvePath(output);
    runXeLinuxDistribution({ ...context, output: file });
    return 0;
  },
};

function statusOf(isDone: boolean): number {
  return isDone ? 0 : EXIT_FAILED;
}

async function perform(commandLine: Action, parts: Parts, host: ProgramHost): Promise<number> {
  // The table pairs every kind with the action of that very kind, which the type of a lookup cannot say.
  const action = actions[commandLine.kind] as (of: Action, context: ActionContext) => Promise<number>;
  try {
    return await action(commandLine, { ...parts, host, print: (text) => host.print(text) });
  } catch (error) {
    const status = error instanceof XenstoreError ? EX_UNAVAILABLE : EXIT_FAILED;
    return complain(error, { host, status });
  }
}

async function showRequests(parts: Parts, print: (text: string) => void): Promise<void> {
  const { showWaitingRequests } = await import("./dry-run.ts");
  const { commands } = await import("../commands/index.ts");
  await showWaitingRequests({ ...parts, commands, print });
}

interface ConfigReading {
  readonly system: System;
  readonly host: ProgramHost;
}

/** The doctor tells what is wrong with the usual file as one of its findings. */
function readConfigFor({ kind, configPath }: Action, reading: ConfigReading): Config {
  try {
    return readConfig(configPath, reading);
  } catch (error) {
    const isFinding = kind === "doctor" && configPath === undefined && error instanceof AgentError;
    if (isFinding) return DEFAULT_CONFIG;
    throw error;
  }
}

/**
 * Reads the configuration; the usual file may be missing, one that was asked for may not. Throws
 * AGENT_BAD_SETTING with the file's name and, for what is in it, the line.
 */
function readConfig(path: string | undefined, { system, host }: ConfigReading): Config {
  const name = path ?? CONFIG_PATH;
  try {
    const file = path === undefined ? name : host.resolvePath(path);
    const text = decodeUtf8(system.files.read(file, CONFIG_MAX_BYTES));
    if (text === undefined) throw new AgentError("AGENT_BAD_SETTING", `"${name}" is not UTF-8`);
    return parseConfig(text, name);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.code === "ENOENT" && path === undefined) return DEFAULT_CONFIG;
    throw new AgentError("AGENT_BAD_SETTING", error.message, { cause: error });
  }
}

/** Tells people what was wrong with what they asked for; anything else is a fault of the program. */
function complain(
  error: unknown,
  { host, status }: { readonly host: ProgramHost; readonly status: number },
): number {
  const isTheirs =
    error instanceof AgentError || error instanceof SystemError || error instanceof XenstoreError;
  if (!isTheirs) throw error;
  host.printError(`nova-agent: ${error.message}\n`);
  return status;
}
