import { test } from "node:test";

/** What a test on real Xen tells when it fails. */
export interface LogSource {
  /** The end of the log of the agent, or of what else may say why. */
  readonly readLog: () => Promise<string>;
}

/** A test on real Xen; when it fails, the end of the agent's log goes with the error. */
export function xenTest(source: LogSource, name: string, body: () => Promise<void>): void {
  void test(name, async () => {
    try {
      await body();
    } catch (error) {
      throw new Error(`${describe(error)}\nThe agent's log ends with:\n${await readLog(source)}`, {
        cause: error,
      });
    }
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function readLog(source: LogSource): Promise<string> {
  try {
    return await source.readLog();
  } catch (error) {
    return `not to be had: ${describe(error)}`;
  }
}
