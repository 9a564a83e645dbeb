import type { Programs } from "@nova-agent/quickjs";
import type { Clock } from "@nova-agent/xenstore";
import { SystemError } from "../../errors.ts";
import { Pause } from "../../pause.ts";
import { DRAIN_MS, OUTPUT_MAX_BYTES } from "../../system/limits.ts";
import { attempt } from "../../system/system-error.ts";
import type { ProgramCall, ProgramResult } from "../../system/system.ts";

/** What programs are run with. */
export interface ProgramHost {
  readonly programs: Programs;
  readonly clock: Clock;
  /** Directories where programs are, with colons between them. */
  readonly path: string;
  /** As `NAME=value`. */
  readonly environment: readonly string[];
}

/** Runs one program in a session of its own, so that its children end with it when time is up. */
export async function runProgram(call: ProgramCall, host: ProgramHost): Promise<ProgramResult> {
  const outputs = { stdout: new Output(), stderr: new Output() };
  const { programs, path, environment } = host;
  const program = attempt(`Cannot run "${call.argv[0]}"`, () =>
    programs.start({
      argv: call.argv,
      environment,
      path,
      stdin: call.stdin ?? new Uint8Array(),
      onStdout: (bytes) => outputs.stdout.add(bytes),
      onStderr: (bytes) => outputs.stderr.add(bytes),
    }),
  );
  try {
    const status = await within(program.ended, call.timeoutMs, host.clock);
    if (status === undefined) {
      program.killAll();
      throw new SystemError("ETIMEDOUT", `"${call.argv[0]}" was not done after ${call.timeoutMs} ms`);
    }
    await within(program.drained, DRAIN_MS, host.clock);
    return { status, stdout: outputs.stdout.bytes(), stderr: outputs.stderr.bytes() };
  } finally {
    program.release();
  }
}

/** What a promise brings, or undefined when time is up first. */
async function within<Value>(
  promise: Promise<Value>,
  limitMs: number,
  clock: Clock,
): Promise<Value | undefined> {
  const limit = new Pause(clock);
  try {
    return await Promise.race([promise, limit.wait(limitMs).then(() => undefined)]);
  } finally {
    limit.end();
  }
}

/** Keeps the first bytes of an output. */
class Output {
  readonly #chunks: Uint8Array[] = [];
  #total = 0;

  add(bytes: Uint8Array): void {
    const kept = bytes.slice(0, OUTPUT_MAX_BYTES - this.#total);
    this.#total += kept.length;
    if (kept.length > 0) this.#chunks.push(kept);
  }

  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#total);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}
