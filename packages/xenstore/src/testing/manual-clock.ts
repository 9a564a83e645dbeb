import type { Clock } from "../clock.ts";

/** A clock whose hands only the test moves. */
export interface ManualClock extends Clock {
  /** Moves time forward and runs the timers that fall due, each at its own moment, in order. */
  advance(deltaMs: number): void;
  /** When the next timer falls due; undefined when none is set. */
  nextTimerMs(): number | undefined;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still at `startMs` until it is advanced. */
export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  // In the order of setting, which decides between timers of the same moment.
  const timers = new Set<Timer>();
  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.dueMs < first.dueMs) first = timer;
    }
    return first;
  };
  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      const timer: Timer = { dueMs: nowMs + Math.max(delayMs, 0), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(deltaMs) {
      const endMs = nowMs + deltaMs;
      for (let timer = earliest(); timer !== undefined && timer.dueMs <= endMs; timer = earliest()) {
        timers.delete(timer);
        nowMs = timer.dueMs;
        timer.callback();
      }
      nowMs = endMs;
    },
    nextTimerMs: () => earliest()?.dueMs,
  };
}
