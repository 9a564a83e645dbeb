import { execFile } from "node:child_process";
import { HostError } from "../../errors.ts";
import { SHOWN_XL_CHARACTERS, XL_OUTPUT_MAX_BYTES } from "./limits.ts";

/** One program to run to its end. */
export interface ProgramCall {
  /** The program and its arguments; never a shell's line. */
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** Runs a program that must end with status 0, and returns what it printed. Throws TOOLSTACK_FAILED. */
export type RunProgram = (call: ProgramCall) => Promise<string>;

/** The real one. A program that does not end within its time is killed; its error has the program's own words. */
export const runProgram: RunProgram = ({ argv, timeoutMs }) => {
  const [file, ...args] = argv;
  const options = {
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: XL_OUTPUT_MAX_BYTES,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const words = stderr.trim() === "" ? error.message : stderr.trim().slice(-SHOWN_XL_CHARACTERS);
      const isLate = error.killed === true && error.signal === "SIGKILL";
      const reason = isLate ? `did not end within ${timeoutMs} ms: ${words}` : `failed: ${words}`;
      reject(new HostError("TOOLSTACK_FAILED", `"${argv.join(" ")}" ${reason}`, { cause: error }));
    });
    child.stdin?.end();
  });
};
