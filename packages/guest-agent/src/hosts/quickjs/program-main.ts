import * as os from "native:os";
import { check } from "@nova-agent/quickjs";
import { AgentError } from "../../errors.ts";
import { argumentsOf } from "../../command-line/command-line.ts";
import { type ProgramHost, runProgram } from "../../command-line/program.ts";
import { attempt } from "../../system/system-error.ts";
import { STDERR, STDIN, STDOUT, write } from "./output.ts";
import { createQuickjsSystem } from "./quickjs-system.ts";
import type { Runtime } from "./runtime.ts";
import type { ReportTask } from "./report-main.ts";
import { inheritedEnvironment, REPORT_VARIABLE, SELF, SERVICE_VARIABLE } from "./self.ts";
import type { ServiceTask } from "./service-main.ts";

const LINE_FEED = 0x0a;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

/** Does what the arguments ask for; resolves with the exit status. */
export function run(
  { programPath, args }: { readonly programPath: string; readonly args: readonly string[] },
  runtime: Runtime,
): Promise<number> {
  return runProgram(argumentsOf(programPath, args), createHost(runtime));
}

function createHost(runtime: Runtime): ProgramHost {
  return {
    createSystem: (xenstorePath) => createQuickjsSystem(runtime, xenstorePath),
    print: (text) => write(STDOUT, text),
    printError: (text) => write(STDERR, text),
    readInput: async (maxBytes) => readLine(maxBytes),
    resolvePath: (path) => (path.startsWith("/") ? path : `${check(os.realpath("."))}/${path}`),
    resolveDirectory,
    turnCoreDumpsOff: async () => void check(os.forbidCoreDumps()),
    // The host in C tells it, and ends the process.
    onFault: () => {},
    serve: async ({ config, root }) => become(SERVICE_VARIABLE, { config, root }),
    report: async ({ config, root }, settings) => become(REPORT_VARIABLE, { config, root, settings }),
  };
}

/** Waits: nothing else is to be done meanwhile. */
function readLine(maxBytes: number): Uint8Array {
  const input = new Uint8Array(maxBytes);
  let total = 0;
  for (let count = -1; count !== 0 && !input.includes(LINE_FEED); total += count) {
    count = check(os.read(STDIN, input.subarray(total), 0));
  }
  return input.subarray(0, total);
}

function resolveDirectory(path: string): string {
  const resolved = check(os.realpath(path));
  const [mode] = check(os.stat(resolved));
  if ((mode & S_IFMT) !== S_IFDIR) {
    throw new AgentError("AGENT_BAD_SETTING", `Root "${path}" is no directory`);
  }
  return resolved;
}

/** Begins anew as a service: what read command line and configuration stays in no memory then. */
function become(variable: string, task: ServiceTask | ReportTask): void {
  const environment = [...inheritedEnvironment(), `${variable}=${JSON.stringify(task)}`];
  attempt("Cannot start the service", () => check(os.exec(SELF, os.programArguments(), environment)));
}
