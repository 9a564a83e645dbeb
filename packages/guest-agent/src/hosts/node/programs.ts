import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { SystemError } from "../../errors.ts";
import type { ProgramCall, ProgramResult } from "../../system/system.ts";
import { DRAIN_MS, OUTPUT_MAX_BYTES } from "../../system/limits.ts";
import { asSystemError, attempt, errnoOf } from "../../system/system-error.ts";

/** The variables programs are run with. */
export type Environment = Readonly<Record<string, string>>;

/** Runs one program in a process group of its own, so that its children end with it when time is up. */
export async function runProgram(call: ProgramCall, env: Environment): Promise<ProgramResult> {
  const [program, ...rest] = call.argv;
  const action = `Cannot run "${program}"`;
  const child = attempt(action, () => spawn(program, rest, { env, cwd: "/", detached: true, stdio: "pipe" }));
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const closed = once(child, "close");
  // A failed start is told by `ended`; a program that does not read its input is not a failure.
  closed.catch(() => {});
  child.stdin.on("error", () => {});
  child.stdin.end(call.stdin);
  const timer = new Timer();
  try {
    const status = await Promise.race([ended(child), timer.expires(call.timeoutMs)]);
    if (status === undefined) throw tooLate(child, call);
    timer.cancel();
    await Promise.race([closed, timer.expires(DRAIN_MS)]);
    return { status, stdout: stdout(), stderr: stderr() };
  } catch (error) {
    throw asSystemError(action, error);
  } finally {
    timer.cancel();
    // Nobody may hold the input any longer: its bytes are the caller's again, who may wipe them.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }
}

class Timer {
  #handle: NodeJS.Timeout | undefined;

  expires(afterMs: number): Promise<undefined> {
    return new Promise((resolve) => {
      this.#handle = setTimeout(() => resolve(undefined), afterMs);
    });
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

/** Exit status, or 128 plus the signal's number; rejects when the program could not be started. */
async function ended(child: ChildProcessWithoutNullStreams): Promise<number> {
  const [status, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function tooLate(child: ChildProcessWithoutNullStreams, call: ProgramCall): SystemError {
  if (child.pid !== undefined) killGroup(child.pid);
  return new SystemError("ETIMEDOUT", `"${call.argv[0]}" was not done after ${call.timeoutMs} ms`);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended at this very moment.
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}

/** Reads all, keeps the first bytes of it; the returned function gives them. */
function collect(stream: Readable): () => Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  stream.on("error", () => {});
  stream.on("data", (chunk: Buffer) => {
    const kept = chunk.subarray(0, OUTPUT_MAX_BYTES - total);
    total += kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  return () => Uint8Array.from(Buffer.concat(chunks));
}
