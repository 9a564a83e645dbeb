import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Connect, XenstoreError } from "@nova-agent/xenstore";
import { findXenstore } from "@nova-agent/xenstore/node";
import { commands } from "../../commands/index.ts";
import type { Config } from "../../config.ts";
import { showWaitingRequests } from "../../dry-run.ts";
import { AgentError, SystemError } from "../../errors.ts";
import { type Logger, createLogger } from "../../log.ts";
import { runNetworkCommand } from "../../network-command.ts";
import { runService, type ServiceOptions } from "../../service.ts";
import { runUndoCommand } from "../../undo-command.ts";
import { AGENT_VERSION } from "../../version.ts";
import { type CommandLine, USAGE, parseCommandLine } from "./command-line.ts";
import { readConfig } from "./config-file.ts";
import { turnCoreDumpsOff } from "./core-dumps.ts";
import { EXIT_LIMIT_MS } from "./limits.ts";
import { createNodeSystem } from "./node-system.ts";
import { attempt } from "../../system/system-error.ts";

const EXIT_FAILED = 1;

// sysexits.h, the numbers that service managers know by name.
const EX_USAGE = 64;
const EX_UNAVAILABLE = 69;
const EX_CONFIG = 78;

// Without this the end of whoever reads the log would end the agent, in the middle of a request.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
process.exitCode = await main(process.argv.slice(2));
// Never process.exit(): it waits for ever for a read of /dev/xen/xenbus that still blocks.
setTimeout(() => process.kill(process.pid, "SIGKILL"), EXIT_LIMIT_MS).unref();

async function main(args: readonly string[]): Promise<number> {
  let commandLine: CommandLine;
  try {
    commandLine = parseCommandLine(args);
  } catch (error) {
    return complain(error, EX_USAGE);
  }
  switch (commandLine.kind) {
    case "help":
    case "version":
      print(commandLine.kind === "help" ? USAGE : `nova-agent ${AGENT_VERSION}\n`);
      break;
    case "serve":
      return withParts(commandLine, async (parts) => serve(commandLine, parts));
    case "network":
      return withParts(commandLine, async (parts) => changeNetwork(commandLine, parts));
    case "undo":
      return withParts(commandLine, undo);
  }
  return 0;
}

type Parts = Pick<ServiceOptions, "system" | "log" | "config" | "root">;

/** Does `body` with what every command stands on. */
async function withParts(
  commandLine: Extract<CommandLine, { root: string }>,
  body: (parts: Parts) => Promise<number>,
): Promise<number> {
  let config: Config;
  let root: string;
  try {
    config = readConfig(commandLine.configPath);
    root = readRoot(commandLine.root);
  } catch (error) {
    return complain(error, EX_CONFIG);
  }
  const environment = process.env;
  const system = createNodeSystem({ connectXenstore: connectTo(config.xenstorePath), environment });
  const log = createLogger({
    level: config.logLevel,
    write: (line) => system.log(line),
    unixTime: () => system.unixTime(),
  });
  process.on("uncaughtException", (error) => endByFault(error, log));
  return body({ system, log, config, root });
}

async function serve({ isDryRun }: Extract<CommandLine, { kind: "serve" }>, parts: Parts): Promise<number> {
  await turnCoreDumpsOff(parts.system, parts.log);
  const options = { ...parts, commands };
  if (!isDryRun) {
    await runService(options);
    return 0;
  }
  try {
    await showWaitingRequests({ ...options, print });
    return 0;
  } catch (error) {
    return complain(error, EX_UNAVAILABLE);
  }
}

async function changeNetwork(
  { action, from, isJson }: Extract<CommandLine, { kind: "network" }>,
  parts: Parts,
): Promise<number> {
  const file = from === undefined ? undefined : resolve(from);
  try {
    const isDone = await runNetworkCommand({ ...parts, action, from: file, isJson, print });
    return isDone ? 0 : EXIT_FAILED;
  } catch (error) {
    return complain(error, error instanceof XenstoreError ? EX_UNAVAILABLE : EXIT_FAILED);
  }
}

async function undo({ config, ...parts }: Parts): Promise<number> {
  const { isAppliedAtStart } = config;
  try {
    return (await runUndoCommand({ ...parts, isAppliedAtStart, print })) ? 0 : EXIT_FAILED;
  } catch (error) {
    return complain(error, EXIT_FAILED);
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

/** Looks anew at each attempt, because the device may appear late. */
function connectTo(path: string | undefined): Connect {
  return async () => findXenstore(path === undefined ? process.env : { XENSTORED_PATH: path }).connect();
}

function readRoot(path: string): string {
  return attempt(`Cannot use the root "${path}"`, () => {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return root;
    throw new AgentError("AGENT_BAD_SETTING", `Root "${path}" is no directory`);
  });
}

/** Tells people what was wrong with what they asked for; anything else is a fault of the program. */
function complain(error: unknown, status: number): number {
  const isTheirs =
    error instanceof AgentError || error instanceof SystemError || error instanceof XenstoreError;
  if (!isTheirs) throw error;
  process.stderr.write(`nova-agent: ${error.message}\n`);
  return status;
}

// Not process.exit() here either; the service manager starts the agent again.
function endByFault(error: Error, log: Logger): void {
  log.error("Ended by a fault of the program", { error: error.stack ?? error.message });
  process.kill(process.pid, "SIGABRT");
}
