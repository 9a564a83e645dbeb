import { type Cleanup, systemTest, type SystemTestOptions } from "@nova-agent/testbed";

/** How long a test may take that starts one demo after another on a machine with other work. */
const DEMO_TEST_TIMEOUT_MS = 120_000;

/**
 * A system test whose cleanups run last first, so that a demo has ended before its directory goes.
 * (`after` of node:test runs them in the order in which they were given.)
 */
export function demoTest(
  name: string,
  options: SystemTestOptions,
  body: (cleanup: Cleanup) => Promise<void>,
): void {
  systemTest(name, { timeoutMs: DEMO_TEST_TIMEOUT_MS, ...options }, async () => {
    const callbacks: (() => Promise<void>)[] = [];
    try {
      await body({ after: (callback) => void callbacks.push(callback) });
    } finally {
      for (const callback of callbacks.toReversed()) await callback();
    }
  });
}
