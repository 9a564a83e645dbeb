import * as os from "native:os";
import { createChildWorkers } from "../../workers/child-workers.ts";
import { createSystemLogger } from "../../log.ts";
import type { Parts } from "../../command-line/program.ts";
import { runService } from "../../service/service.ts";
import type { Workers } from "../../workers/workers.ts";
import type { Runtime } from "./runtime.ts";
import { createServiceSystem } from "./service-system.ts";
import { startWorkerWith } from "./worker-process.ts";

/** What the service is told by the program that reads command line and configuration. */
export type ServiceTask = Pick<Parts, "config" | "root">;

/** Serves requests until the service is asked to end. */
export async function serve(text: string, runtime: Runtime): Promise<void> {
  os.forbidCoreDumps();
  // The program's own words: it set the variable.
  const { config, root } = JSON.parse(text) as ServiceTask;
  const system = createServiceSystem(runtime, () => config.xenstorePath);
  const log = createSystemLogger(system, config.logLevel);
  const startProcess = startWorkerWith(runtime.programs);
  const workers = createChildWorkers({ system, log, config, root, startProcess });
  await runService({ system, log, config, root, workers: releasing(workers) });
}

/** After the start, most of what was needed for it is not needed again. */
function releasing(workers: Workers): Workers {
  return {
    ...workers,
    startUp: async (work) => {
      await workers.startUp(work);
      os.releaseMemory();
    },
  };
}
