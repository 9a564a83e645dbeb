import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { OUTPUT_MAX_BYTES, STOP_TIMEOUT_MS } from "./limits.ts";

/** A program to run: always an argument list, never a shell's line. */
export interface ProgramOptions {
  readonly argv: readonly [string, ...string[]];
  /** Variables added to, or with undefined taken from, this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly stdin?: string | Uint8Array;
}

/** How a program ended. */
export interface ProgramOutcome {
  /** Exit status, or 128 when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child process with an end: `stop()` is safe to call twice and after its own end. */
export interface RunningProcess {
  readonly pid: number;
  /** All that it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Whether it is still there. */
  readonly isRunning: () => boolean;
  readonly exited: Promise<ProgramOutcome>;
  /** SIGTERM, and SIGKILL when that does not help; resolves when it is gone. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a program that runs until it is stopped. It ends with this process in any case, also when
 * this process is killed (setpriv(1), --pdeathsig). A program that is not there ends with status 127.
 */
export function startProcess(options: ProgramOptions): RunningProcess {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...options.argv], {
    env: { ...process.env, ...options.environment },
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  const stdout = collectOutput(child.stdout);
  const stderr = collectOutput(child.stderr);
  // The program may end without reading what it is given.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const exited = waitForEnd(child, () => ({ stdout: stdout(), stderr: stderr() }));
  exited.catch(() => {});
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    exited,
    stop: () => stopChild(child, exited),
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs a program to its end. Rejects, and ends it, when it takes longer than `timeoutMs`. */
export async function runProgram(
  options: ProgramOptions & { readonly timeoutMs: number },
): Promise<ProgramOutcome> {
  const running = startProcess(options);
  const timer = setTimeout(() => running.kill("SIGKILL"), options.timeoutMs);
  const startedAt = performance.now();
  const outcome = await running.exited;
  clearTimeout(timer);
  if (outcome.status === 128 && performance.now() - startedAt >= options.timeoutMs) {
    throw new Error(`${options.argv.join(" ")} took over ${options.timeoutMs} ms\n${outcome.stderr}`);
  }
  return outcome;
}

/** The standard output of a program that has to succeed; otherwise an error with what it said. */
export async function runChecked(options: ProgramOptions & { readonly timeoutMs: number }): Promise<string> {
  const { status, stdout, stderr } = await runProgram(options);
  if (status === 0) return stdout;
  throw new Error(`${options.argv.join(" ")} ended with status ${status}\n${stdout}${stderr}`);
}

function collectOutput(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let heldBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    heldBytes += chunk.length;
    while (heldBytes > OUTPUT_MAX_BYTES) heldBytes -= chunks.shift()?.length ?? heldBytes;
  });
  return () => Buffer.concat(chunks).toString();
}

async function waitForEnd(
  child: ChildProcess,
  output: () => Pick<ProgramOutcome, "stdout" | "stderr">,
): Promise<ProgramOutcome> {
  await once(child, "close");
  return { status: child.exitCode ?? 128, ...output() };
}

async function stopChild(child: ChildProcess, exited: Promise<ProgramOutcome>): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await exited.catch(() => {});
  clearTimeout(timer);
}
