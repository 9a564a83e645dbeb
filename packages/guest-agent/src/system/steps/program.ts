import { decodeLatin1, decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../../errors.ts";
import { describeErrno } from "../errno.ts";
import { PROGRAM_WORDS_MAX, SHORT_PROGRAM_TIMEOUT_MS } from "../limits.ts";
import type { ProgramCall, ProgramResult } from "../system.ts";
import { type StepContext, stepFailure } from "./step.ts";

/** How a program's failure is told. */
export interface ProgramOptions {
  /** Begins the message. */
  readonly failure: string;
  /** What is cut out of the program's own words, should it repeat it. */
  readonly hidden?: readonly Uint8Array[];
  /** What the program is called where it is not what `argv` begins with. */
  readonly program?: string;
  readonly context: StepContext;
}

/**
 * Runs a program that must end with status 0; else the message is `<failure>: <status> : <its words>`,
 * those of standard error, or of standard output where nothing stands on the former.
 */
export async function runProgram(call: ProgramCall, options: ProgramOptions): Promise<ProgramResult> {
  const { failure, hidden = [], program = call.argv[0], context } = options;
  const result = await startProgram(call, options);
  context.log?.debug("Program ended", { program, status: result.status });
  if (result.status === 0) return result;
  const [said, saidElse] = [result.stderr, result.stdout].map((output) =>
    programWords(hidden.reduce(redact, output)),
  );
  throw stepFailure(`${failure}: ${result.status} : ${said || saidElse}`);
}

async function startProgram(call: ProgramCall, options: ProgramOptions): Promise<ProgramResult> {
  const { failure, program = call.argv[0], context } = options;
  try {
    return await context.system.run(call);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw stepFailure(`${failure}: ${program}: ${whyNotRun(error, call)}`, error);
  }
}

function whyNotRun(error: SystemError, call: ProgramCall): string {
  if (error.code === "ENOENT") return "no such program";
  if (error.code === "ETIMEDOUT") return `not done after ${call.timeoutMs / 1000} s`;
  return describeErrno(error.code);
}

// On the bytes and before they are cut, so that half a secret cannot be left at the end.
function redact(output: Uint8Array, secret: Uint8Array): Uint8Array {
  if (secret.length === 0) return output;
  const kept: number[] = [];
  for (let at = 0; at < output.length; at += 1) {
    if (!secret.every((byte, index) => output[at + index] === byte)) {
      kept.push(output[at] ?? 0);
      continue;
    }
    kept.push(...encodeUtf8("[redacted]"));
    at += secret.length - 1;
  }
  return Uint8Array.from(kept);
}

// What a program said, as one piece of text, cut to what fits into an answer.
function programWords(output: Uint8Array): string {
  const text = (decodeUtf8(output) ?? decodeLatin1(output)).trim();
  return text.length > PROGRAM_WORDS_MAX ? `${text.slice(0, PROGRAM_WORDS_MAX)}…` : text;
}

/** Asks hostname(1), or tells it a name; returns what it says. */
export async function runHostname(names: readonly string[], context: StepContext): Promise<string> {
  const { stdout } = await runProgram(
    { argv: ["hostname", ...names], timeoutMs: SHORT_PROGRAM_TIMEOUT_MS },
    { failure: "Couldn't set hostname", context },
  );
  return decodeLatin1(stdout).trim();
}
