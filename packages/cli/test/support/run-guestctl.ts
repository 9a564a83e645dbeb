import { join } from "node:path";
import {
  type ProgramOptions,
  type ProgramOutcome,
  repositoryRoot,
  runProgram,
  startProcess,
  type RunningProcess,
} from "@nova-agent/testbed";

/** How guestctl is run: the rest of the command line, and what differs from an empty input. */
export interface GuestctlOptions {
  readonly args: readonly string[];
  /** The socket of XenStore. */
  readonly socketPath?: string;
  readonly stdin?: string | Uint8Array;
}

/** The file that npm links as `guestctl`. */
export function guestctlPath(): string {
  return join(repositoryRoot(), "packages/cli/bin/guestctl.mjs");
}

/** Runs the real executable to its end. */
export function runGuestctl(options: GuestctlOptions): Promise<ProgramOutcome> {
  return runProgram({ ...programOptions(options), timeoutMs: 30_000 });
}

/** Starts the real executable, for what a test stops. */
export function startGuestctl(options: GuestctlOptions): RunningProcess {
  return startProcess(programOptions(options));
}

function programOptions({ args, socketPath, stdin }: GuestctlOptions): ProgramOptions {
  return {
    argv: [process.execPath, guestctlPath(), ...args],
    environment: { XENSTORED_PATH: socketPath, XENSTORED_RUNDIR: undefined },
    ...(stdin === undefined ? {} : { stdin }),
  };
}

/** The only JSON value in a text of one line. */
export function parseLine(text: string): unknown {
  const [line = "", ...rest] = text.split("\n");
  if (rest.length !== 1 || rest[0] !== "") throw new Error(`Not one line: ${JSON.stringify(text)}`);
  return JSON.parse(line);
}
