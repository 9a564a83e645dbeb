import { randomFillSync } from "node:crypto";
import { statfsSync } from "node:fs";
import type { Connect } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { attempt } from "../../system/system-error.ts";
import type { DiskSpace, System } from "../../system/system.ts";
import { parseWatchdogMs } from "../../system/watchdog.ts";
import { createLabels } from "./labels.ts";
import { NOTIFY_TIMEOUT_MS } from "./limits.ts";
import { createNodeFiles } from "./node-files.ts";
import { networkAddresses, watchNetwork } from "./network.ts";
import { type Environment, runProgram } from "./programs.ts";
import { createStatusFile } from "./status-file.ts";

/** What a System on Node is made of. */
export interface NodeSystemOptions {
  readonly connectXenstore: Connect;
  /** The process's own environment: `PATH` for programs, `NOTIFY_SOCKET` for readiness, `RUNTIME_DIRECTORY`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes one log line; without it lines go to standard error. */
  readonly log?: (line: string) => void;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The System on Node, for tests, development and guests that have Node. */
export function createNodeSystem(options: NodeSystemOptions): System {
  const { environment } = options;
  // Programs get nothing else of the environment, and speak English, which is what the host is told.
  const env = { PATH: environment["PATH"] ?? DEFAULT_PATH, LC_ALL: "C", HOME: "/root" };
  return {
    clock: nodeClock,
    unixTime: () => Date.now() / 1000,
    files: createNodeFiles(createLabels(env)),
    run: (call) => runProgram(call, env),
    watchNetwork: (onChange) => watchNetwork(onChange, env),
    networkAddresses,
    diskSpace,
    connectXenstore: options.connectXenstore,
    randomBytes: (count) => randomFillSync(new Uint8Array(count)),
    notify: (state) => notify(state, { socket: environment["NOTIFY_SOCKET"], env }),
    statusFile: createStatusFile(environment["RUNTIME_DIRECTORY"]),
    watchdogMs: parseWatchdogMs(environment["WATCHDOG_USEC"]),
    onTerminate: (handler) => {
      process.on("SIGTERM", handler);
      process.on("SIGINT", handler);
    },
    log: options.log ?? writeToStandardError,
  };
}

function diskSpace(path: string): DiskSpace {
  const { bsize, blocks, bavail } = attempt(`Cannot look at the room of "${path}"`, () => statfsSync(path));
  return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail };
}

function writeToStandardError(line: string): void {
  try {
    process.stderr.write(`${line}\n`);
  } catch {
    // A file on a full disk throws at once. The line is lost, which is no reason to leave the guest alone.
  }
}

interface NotifyOptions {
  readonly socket: string | undefined;
  readonly env: Environment;
}

// Node has no unix datagram sockets, so systemd-notify(1) sends it; the unit needs NotifyAccess=all.
async function notify(state: string, { socket, env }: NotifyOptions): Promise<void> {
  if (socket === undefined || socket === "") return;
  const call = { argv: ["systemd-notify", state], timeoutMs: NOTIFY_TIMEOUT_MS } as const;
  await runProgram(call, { ...env, NOTIFY_SOCKET: socket });
}
