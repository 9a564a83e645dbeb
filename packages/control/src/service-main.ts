import { readFile, stat } from "node:fs/promises";
import { destination } from "pino";
import {
  parseServiceConfiguration,
  type ServiceConfiguration,
} from "./service/configuration/service-configuration.ts";
import { ControlError, renderError } from "./errors.ts";
import { CONFIGURATION_MAX_BYTES } from "./limits.ts";
import { parseServiceCommandLine, SERVICE_HELP } from "./service/command-line.ts";
import { runCommand } from "./service/commands.ts";
import { createLog } from "./service-log.ts";
import { startService } from "./service/service.ts";
import { CONTROL_VERSION } from "./version.ts";

/** Of sysexits(3): what does not get better by another start. */
const EXIT_USAGE = 64;
const EXIT_CONFIGURATION = 78;

async function main(): Promise<void> {
  const { configurationPath, command } = parseServiceCommandLine(process.argv.slice(2));
  if (command.kind === "help") return void process.stdout.write(SERVICE_HELP);
  if (command.kind === "version") return void process.stdout.write(`nova-control ${CONTROL_VERSION}\n`);
  const configuration = await readConfiguration(configurationPath);
  if (command.kind === "run") return run(configuration);
  await runCommand(command, configuration, {
    input: process.stdin,
    print: (text) => void process.stdout.write(text),
    prompt: (text) => void process.stderr.write(text),
  });
}

async function run(configuration: ServiceConfiguration): Promise<void> {
  // Before the start, so that an end that is asked for meanwhile comes in good order, too.
  const asked = endAsked();
  const log = createLog(destination({ dest: 2, sync: true }), configuration.logLevel);
  const service = await startService(configuration, { log });
  log.info("service ending", { signal: await asked });
  await service.close();
  log.info("service ended");
}

async function readConfiguration(path: string): Promise<ServiceConfiguration> {
  const wayOut = "Name another one: nova-control --config FILE";
  try {
    if ((await stat(path)).size > CONFIGURATION_MAX_BYTES)
      throw new Error("it is no configuration: too large");
    return parseServiceConfiguration(await readFile(path, "utf8"), path);
  } catch (cause) {
    if (cause instanceof ControlError) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError("BAD_CONFIGURATION", `Cannot read ${path}: ${words}`, { wayOut, cause });
  }
}

/** Resolves with the name of the first signal; a second Ctrl-C ends the process at once. */
function endAsked(): Promise<string> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        if (isAsked && name === "SIGINT") process.exit(1);
        isAsked = true;
        resolve(name);
      });
    }
  });
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof ControlError)) return 1;
  if (error.code === "USAGE") return EXIT_USAGE;
  return error.code === "BAD_CONFIGURATION" ? EXIT_CONFIGURATION : 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(renderError(error));
  process.exitCode = exitCodeOf(error);
}
