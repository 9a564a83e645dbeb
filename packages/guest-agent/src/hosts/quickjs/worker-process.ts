import * as os from "native:os";
import { type Programs, type RunningProgram, Signal } from "@nova-agent/quickjs";
import type { StartWorkerProcess } from "../../workers/child-workers.ts";
import { WORKER_LINE_MAX_BYTES } from "../../limits.ts";
import { LineReader } from "./line-reader.ts";
import { inheritedEnvironment, PROGRAM_NAME, SELF, WORKER_ARGUMENT } from "./self.ts";

/** Starts workers as children that run this very program. */
export function startWorkerWith(programs: Programs): StartWorkerProcess {
  return (stdin, onLine) => {
    const lines = new LineReader(WORKER_LINE_MAX_BYTES, onLine);
    const child = programs.start({
      file: SELF,
      argv: [PROGRAM_NAME, WORKER_ARGUMENT, String(os.processId())],
      path: "",
      environment: inheritedEnvironment(),
      stdin,
      onStdout: (bytes) => lines.push(bytes),
    });
    return {
      ended: endOf(child),
      terminate: () => child.signal(Signal.SIGTERM),
      kill: () => child.signal(Signal.SIGKILL),
    };
  };
}

/** All that it told is read once it has ended: nobody else holds its output. */
async function endOf(child: RunningProgram): Promise<number> {
  const status = await child.ended;
  await child.drained;
  return status;
}
