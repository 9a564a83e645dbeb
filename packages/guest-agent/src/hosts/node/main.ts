import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { findXenstore } from "@nova-agent/xenstore/node";
import { argumentsOf } from "../../command-line/command-line.ts";
import { AgentError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { type ProgramHost, runProgram } from "../../command-line/program.ts";
import { turnCoreDumpsOff } from "./core-dumps.ts";
import { EXIT_LIMIT_MS } from "./limits.ts";
import { createNodeSystem } from "./node-system.ts";

// Without this the end of whoever reads the log would end the agent, in the middle of a request.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const LINE_FEED = 0x0a;

const [, programPath = "", ...args] = process.argv;
process.exitCode = await runProgram(argumentsOf(programPath, args), createHost());
// Never process.exit(): it waits for ever for a read of /dev/xen/xenbus that still blocks.
setTimeout(() => process.kill(process.pid, "SIGKILL"), EXIT_LIMIT_MS).unref();

function createHost(): ProgramHost {
  const environment = process.env;
  return {
    createSystem: (xenstorePath) =>
      // Looks anew at each attempt, because the device may appear late.
      createNodeSystem({
        connectXenstore: async () => findXenstore(placeOf(xenstorePath())).connect(),
        environment,
      }),
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
    readInput,
    resolvePath: (path) => resolve(path),
    resolveDirectory,
    turnCoreDumpsOff: ({ system, log }) => turnCoreDumpsOff(system, log),
    onFault: (log) => void process.on("uncaughtException", (error) => endByFault(error, log)),
    serve: async (parts) => {
      const { createLocalWorkers } = await import("../../workers/local-workers.ts");
      const { commands } = await import("../../commands/index.ts");
      const { runService } = await import("../../service/service.ts");
      await runService({ ...parts, workers: createLocalWorkers({ ...parts, commands }) });
    },
    report: async (parts, settings) => {
      const { runXeDaemon } = await import("../../report/xe-daemon.ts");
      await runXeDaemon({ ...parts, ...settings });
    },
  };
}

async function readInput(maxBytes: number): Promise<Uint8Array> {
  const input = Buffer.alloc(maxBytes);
  let total = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    total += chunk.copy(input, total);
    const isEnough = chunk.includes(LINE_FEED) || total === maxBytes;
    chunk.fill(0);
    if (isEnough) break;
  }
  return input.subarray(0, total);
}

function placeOf(path: string | undefined): Readonly<Record<string, string | undefined>> {
  return path === undefined ? process.env : { XENSTORED_PATH: path };
}

function resolveDirectory(path: string): string {
  const resolved = realpathSync(path);
  if (statSync(resolved).isDirectory()) return resolved;
  throw new AgentError("AGENT_BAD_SETTING", `Root "${path}" is no directory`);
}

// Not process.exit() here either; the service manager starts the agent again.
function endByFault(error: Error, log: Logger): void {
  log.error("Ended by a fault of the program", { error: error.stack ?? error.message });
  process.kill(process.pid, "SIGABRT");
}
