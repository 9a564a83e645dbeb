import { execFile } from "node:child_process";
import { DemoError } from "./errors.ts";
import { PROGRAM_OUTPUT_MAX_BYTES, PROGRAM_TIMEOUT_MS } from "./limits.ts";

/** A program and its arguments; never a shell's line. */
export type Argv = readonly [string, ...string[]];

/** One program to run to its end. */
export interface ProgramCall {
  readonly argv: Argv;
  /** Written to standard input, which is then closed. */
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where the set-up looks for its programs, on the machine and in the guest. */
export const PROGRAM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment of every program of the set-up and of the guest: nothing of the caller's gets in. */
export const PLAIN_ENVIRONMENT = { PATH: PROGRAM_PATH, LC_ALL: "C", HOME: "/root" } as const;

/**
 * Runs a program that must end with status 0 and returns its output. Throws DEMO_PROGRAM_FAILED with
 * the program's own words.
 */
export function runProgram({ argv, stdin, environment = PLAIN_ENVIRONMENT }: ProgramCall): Promise<string> {
  const [file, ...args] = argv;
  const options = {
    env: environment,
    cwd: "/",
    timeout: PROGRAM_TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: PROGRAM_OUTPUT_MAX_BYTES,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const words = stderr.trim() === "" ? error.message : stderr.trim();
      reject(
        new DemoError("DEMO_PROGRAM_FAILED", `Cannot run "${argv.join(" ")}": ${words}`, { cause: error }),
      );
    });
    // A program that ends without reading its input breaks the pipe; its status tells what matters.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
  });
}
