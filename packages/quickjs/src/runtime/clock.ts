import * as os from "native:os";
import type { Clock } from "@nova-agent/xenstore";
import type { EventLoop } from "./event-loop.ts";

/** The clock of this process: monotonic, and its timers keep the process alive. */
export function createClock(loop: EventLoop): Clock {
  return { nowMs: () => os.monotonicMs(), after: (delayMs, callback) => loop.after(delayMs, callback) };
}
