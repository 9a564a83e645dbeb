import { test } from "node:test";
import { SHOWN_AGENT_LINES } from "../limits.ts";
import type { World } from "./world.ts";

/** A test on real Xen; when it fails, the end of the agent's log goes with the error. */
export function xenTest(world: World, name: string, body: () => Promise<void>): void {
  void test(name, async () => {
    try {
      await body();
    } catch (error) {
      throw new Error(`${describe(error)}\nThe agent's log ends with:\n${await readLog(world)}`, {
        cause: error,
      });
    }
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function readLog({ guest }: World): Promise<string> {
  try {
    return await guest.run(`agent-log ${SHOWN_AGENT_LINES}`);
  } catch (error) {
    return `not to be had: ${describe(error)}`;
  }
}
