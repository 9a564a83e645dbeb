import { setTimeout as delay } from "node:timers/promises";
import { POLL_INTERVAL_MS, READY_TIMEOUT_MS } from "./limits.ts";

/** What is waited for, in words for the error. */
export interface WaitOptions {
  readonly what: string;
  readonly timeoutMs?: number;
}

/**
 * Waits until `probe` gives something other than undefined or false, and returns it. For conditions
 * outside this process, which cannot tell by themselves; an error of `probe` ends the wait.
 */
export async function waitFor<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: WaitOptions,
): Promise<T> {
  const { what, timeoutMs = READY_TIMEOUT_MS } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`No ${what} within ${timeoutMs} ms`);
    await delay(POLL_INTERVAL_MS);
  }
}
