import * as os from "native:os";
import { check } from "@nova-agent/quickjs";
import { runWorker } from "../../workers/worker.ts";
import { decodeTask, encodeMessage } from "../../workers/worker-task.ts";
import { TASK_MAX_BYTES } from "./limits.ts";
import { STDIN, STDOUT, write } from "./output.ts";
import { createQuickjsSystem } from "./quickjs-system.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Does the one task that stands in standard input. It ends with the service, whose next start takes back
 * what was cut off: two processes must never change the guest at a time.
 */
export async function work(service: number, runtime: Runtime): Promise<void> {
  os.forbidCoreDumps();
  if (!check(os.dieWithParent(service))) return;
  const input = readInput();
  const task = decodeTask(input);
  input.fill(0);
  const system = createQuickjsSystem(runtime, () => task.config.xenstorePath);
  await runWorker({ task, system, tell: (message) => write(STDOUT, `${encodeMessage(message)}\n`) });
}

/** Waits: the other end writes it in one go, and nothing else is to be done meanwhile. */
function readInput(): Uint8Array {
  const buffer = new Uint8Array(TASK_MAX_BYTES);
  let total = 0;
  for (let count = -1; count !== 0; total += count) {
    count = check(os.read(STDIN, buffer.subarray(total), 0));
  }
  return buffer.subarray(0, total);
}
