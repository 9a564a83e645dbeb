import * as os from "native:os";
import { check, createClock, findXenstore, onSignals, Signal } from "@nova-agent/quickjs";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { ServiceSystem } from "../../system/system.ts";
import { parseWatchdogMs } from "../../system/watchdog.ts";
import { createLogSink } from "./log-sink.ts";
import type { Runtime } from "./runtime.ts";
import { createStatusFile } from "./status-file.ts";

/** What the service needs of the guest, with XenStore at a path or where it is usually found. */
export function createServiceSystem(
  { loop }: Runtime,
  xenstorePath: () => string | undefined,
): ServiceSystem {
  return {
    clock: createClock(loop),
    unixTime: () => os.unixTime(),
    // Looks anew at each attempt, because the device may appear late.
    connectXenstore: async () => {
      const path = xenstorePath();
      const environment = (name: string) => (name === "XENSTORED_PATH" ? path : undefined);
      return findXenstore(loop, path === undefined ? os.environment : environment).connect();
    },
    randomBytes,
    notify,
    watchdogMs: parseWatchdogMs(os.environment("WATCHDOG_USEC")),
    statusFile: createStatusFile(),
    onTerminate: (handler) => onSignals(loop, [Signal.SIGTERM, Signal.SIGINT], handler),
    log: createLogSink(),
  };
}

function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  check(os.randomBytes(bytes));
  return bytes;
}

/** sd_notify(3). */
async function notify(state: string): Promise<void> {
  const socket = os.environment("NOTIFY_SOCKET") ?? "";
  if (socket !== "") check(os.sendDatagram(socket, encodeUtf8(state)));
}
