import * as os from "native:os";
import { check, createClock, type EventLoop, onSignals, type Programs, Signal } from "@nova-agent/quickjs";
import { type Connect, encodeUtf8 } from "@nova-agent/xenstore";
import { attempt } from "../../system/system-error.ts";
import type { System } from "../../system/system.ts";
import { createLogSink } from "./log-sink.ts";
import { createNativeFiles } from "./native-files.ts";
import { type ProgramHost, runProgram } from "./run-program.ts";

/** What a System of the static executable is made of. */
export interface QuickjsSystemOptions {
  readonly loop: EventLoop;
  readonly programs: Programs;
  readonly connectXenstore: Connect;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** The System of the static executable, for Linux guests. */
export function createQuickjsSystem(options: QuickjsSystemOptions): System {
  const { loop, programs, connectXenstore } = options;
  const path = os.environment("PATH") ?? DEFAULT_PATH;
  const clock = createClock(loop);
  // Programs get nothing else of the environment, and speak English, which is what the host is told.
  const environment = [`PATH=${path}`, "LC_ALL=C", "HOME=/root"];
  const host: ProgramHost = { programs, clock, path, environment };
  return {
    clock,
    unixTime: () => os.unixTime(),
    files: createNativeFiles(),
    run: (call) => runProgram(call, host),
    connectXenstore,
    randomBytes,
    notify,
    onTerminate: (handler) => onSignals(loop, [Signal.SIGTERM, Signal.SIGINT], handler),
    log: createLogSink(),
  };
}

function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  check(os.randomBytes(bytes));
  return bytes;
}

async function notify(state: string): Promise<void> {
  const socket = os.environment("NOTIFY_SOCKET") ?? "";
  if (socket === "") return;
  attempt(`Cannot tell "${socket}"`, () => check(os.sendDatagram(socket, encodeUtf8(state))));
}
