import type { Clock } from "@nova-agent/xenstore";
import { QUIET_STEP_MS } from "../limits.ts";

/** Runs steps of the start, and tells those that take long. */
export interface Progress {
  /** Runs `work`; after a second it says what is going on, and then when it is done. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** A progress that writes its lines by `writeLine`. */
export function createProgress(clock: Clock, writeLine: (line: string) => void): Progress {
  return {
    async step(name, work) {
      const startMs = clock.nowMs();
      let isTold = false;
      const cancel = clock.after(QUIET_STEP_MS, () => {
        isTold = true;
        writeLine(`${name} …`);
      });
      try {
        const result = await work();
        if (isTold) writeLine(`${name}: done after ${formatSeconds(clock.nowMs() - startMs)}`);
        return result;
      } finally {
        cancel();
      }
    },
  };
}

/** `1234` is `1.2 s`. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
