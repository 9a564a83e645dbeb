import type { Logger } from "../../log.ts";
import type { System } from "../../system/system.ts";
import { TOOL_TIMEOUT_MS } from "./limits.ts";

/**
 * Keeps this process's memory, which may hold a password, out of core dumps, by prlimit(1): Node has
 * no setrlimit(2). The service unit does the same by itself.
 */
export async function turnCoreDumpsOff(system: System, log: Logger): Promise<void> {
  const argv = ["prlimit", "--pid", String(process.pid), "--core=0:0"] as const;
  try {
    const { status } = await system.run({ argv, timeoutMs: TOOL_TIMEOUT_MS });
    if (status !== 0) log.warn("Core dumps stay on", { reason: `prlimit ended with status ${status}` });
  } catch (error) {
    log.warn("Core dumps stay on", { reason: error instanceof Error ? error.message : String(error) });
  }
}
