import * as os from "native:os";
import { type Programs, type RunningProgram, Signal } from "@nova-agent/quickjs";
import type { StartWorkerProcess } from "../../child-workers.ts";
import { WORKER_LINE_MAX_BYTES } from "../../limits.ts";
import { attempt } from "../../system/system-error.ts";
import { LineReader } from "./line-reader.ts";

/** The program that runs, also when its file was replaced meanwhile. */
const SELF = "/proc/self/exe";

/** What a worker is started with; what it needs stands in its standard input. */
export const WORKER_ARGUMENT = "worker";

const environmentNames = ["PATH", "XENSTORED_PATH", "XENSTORED_RUNDIR", "NOTIFY_SOCKET"] as const;

/** Starts workers as children that run this very program. */
export function startWorkerWith(programs: Programs): StartWorkerProcess {
  return (stdin, onLine) => {
    const lines = new LineReader(WORKER_LINE_MAX_BYTES, onLine);
    const child = attempt("Cannot start a worker", () =>
      programs.start({
        file: SELF,
        argv: ["nova-agent", WORKER_ARGUMENT],
        path: "",
        environment: inherited(),
        stdin,
        onStdout: (bytes) => lines.push(bytes),
      }),
    );
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

function inherited(): string[] {
  return environmentNames.flatMap((name) => {
    const value = os.environment(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
}
