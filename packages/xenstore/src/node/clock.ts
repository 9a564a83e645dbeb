import { performance } from "node:perf_hooks";
import type { Clock } from "../clock.ts";

/** Longest delay that setTimeout keeps; above, it would fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The clock of this process: monotonic, and its timers keep the process alive. */
export const nodeClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), TIMER_MAX_MS));
    return () => clearTimeout(timer);
  },
};
