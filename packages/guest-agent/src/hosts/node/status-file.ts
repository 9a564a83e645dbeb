import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { startTicksOf, statusPathIn } from "../../system/start-ticks.ts";
import { errnoOf } from "../../system/system-error.ts";
import type { StatusFile } from "../../system/system.ts";

/** The status file on Node. */
export function createStatusFile(directory: string | undefined): StatusFile {
  const path = statusPathIn(directory);
  return {
    path,
    identify: () => ({
      pid: process.pid,
      startTicks: startTicksOf(readFileSync("/proc/self/stat", "latin1")),
    }),
    write: (text) => {
      try {
        replace(path, text);
      } catch {
        // Whoever asks is told that no service runs, which is no reason to leave the guest alone.
      }
    },
  };
}

function replace(path: string, text: string | undefined): void {
  if (text === undefined) return rmSync(path, { force: true });
  makeDirectory(dirname(path));
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Its parent is there, or nothing is to be made: below /proc, Node's recursive mkdir never ends. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}
