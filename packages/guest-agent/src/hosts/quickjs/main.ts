import * as os from "native:os";
import { check, EventLoop, findXenstore, NativeError, Programs } from "@nova-agent/quickjs";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { createChildWorkers } from "../../child-workers.ts";
import { type ProgramHost, runProgram } from "../../program.ts";
import type { System } from "../../system/system.ts";
import { createQuickjsSystem } from "./quickjs-system.ts";
import { startWorkerWith, WORKER_ARGUMENT } from "./worker-process.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** Bytes of a task that a worker takes; a request has some 4,000. */
const TASK_MAX_BYTES = 1024 * 1024;

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

const loop = EventLoop.start();
const programs = new Programs(loop);
const [, ...args] = os.programArguments();

if (args[0] === WORKER_ARGUMENT) await work();
else os.setExitStatus(await runProgram(args, createHost()));
// What is still waited for belongs to what has ended.
loop.stop();

async function work(): Promise<void> {
  const { runWorker } = await import("../../worker.ts");
  const { decodeTask, encodeMessage } = await import("../../worker-task.ts");
  os.forbidCoreDumps();
  const input = readInput();
  const task = decodeTask(input);
  input.fill(0);
  const system = createSystem(() => task.config.xenstorePath);
  await runWorker({ task, system, tell: (message) => write(STDOUT, `${encodeMessage(message)}\n`) });
}

function createHost(): ProgramHost {
  return {
    createSystem,
    print: (text) => write(STDOUT, text),
    printError: (text) => write(STDERR, text),
    resolvePath: (path) => (path.startsWith("/") ? path : `${check(os.realpath("."))}/${path}`),
    resolveDirectory,
    turnCoreDumpsOff: async () => void check(os.forbidCoreDumps()),
    // The host in C tells it, and ends the process.
    onFault: () => {},
    createWorkers: async (parts) => createChildWorkers({ ...parts, startProcess: startWorkerWith(programs) }),
  };
}

function createSystem(xenstorePath: () => string | undefined): System {
  return createQuickjsSystem({
    loop,
    programs,
    // Looks anew at each attempt, because the device may appear late.
    connectXenstore: async () => {
      const path = xenstorePath();
      const environment = (name: string) => (name === "XENSTORED_PATH" ? path : undefined);
      return findXenstore(loop, path === undefined ? os.environment : environment).connect();
    },
  });
}

function resolveDirectory(path: string): string {
  const resolved = check(os.realpath(path));
  const [mode] = check(os.stat(resolved));
  if ((mode & S_IFMT) !== S_IFDIR) throw new NativeError("ENOTDIR");
  return resolved;
}

/** Waits: the other end writes it in one go, and nothing else is to be done meanwhile. */
function readInput(): Uint8Array {
  const buffer = new Uint8Array(TASK_MAX_BYTES);
  let total = 0;
  for (let count = -1; count !== 0; total += count) count = check(os.read(STDIN, buffer.subarray(total), 0));
  return buffer.subarray(0, total);
}

/** Waits for whoever reads; what nobody reads any more is lost. */
function write(fd: number, text: string): void {
  const bytes = encodeUtf8(text);
  for (let at = 0; at < bytes.length;) {
    const count = os.write(fd, bytes, at);
    if (count <= 0) return;
    at += count;
  }
}
