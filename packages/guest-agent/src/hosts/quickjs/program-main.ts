import * as os from "native:os";
import { check, NativeError } from "@nova-agent/quickjs";
import { type Parts, type ProgramHost, runProgram } from "../../program.ts";
import { attempt } from "../../system/system-error.ts";
import { STDERR, STDIN, STDOUT, write } from "./output.ts";
import { createQuickjsSystem } from "./quickjs-system.ts";
import type { Runtime } from "./runtime.ts";
import { inheritedEnvironment, SELF, SERVICE_VARIABLE } from "./self.ts";
import type { ServiceTask } from "./service-main.ts";

const LINE_FEED = 0x0a;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

/** Does what the arguments ask for; resolves with the exit status. */
export function run(args: readonly string[], runtime: Runtime): Promise<number> {
  return runProgram(args, createHost(runtime));
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
    serve: async (parts) => becomeService(parts),
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
  if ((mode & S_IFMT) !== S_IFDIR) throw new NativeError("ENOTDIR");
  return resolved;
}

/** Begins anew as the service: what read command line and configuration stays in no memory then. */
function becomeService({ config, root }: Parts): void {
  const task: ServiceTask = { config, root };
  const environment = [...inheritedEnvironment(), `${SERVICE_VARIABLE}=${JSON.stringify(task)}`];
  attempt("Cannot start the service", () => check(os.exec(SELF, os.programArguments(), environment)));
}
