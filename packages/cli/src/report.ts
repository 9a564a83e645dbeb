import { HostError } from "@nova-agent/host";
import { XenstoreError } from "@nova-agent/xenstore";
import { CliError } from "./errors.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { encodeJson, printable } from "./text/escape.ts";

/** Shows an error, in JSON on the standard output, else on the standard error; returns the exit code. */
export function report(
  error: unknown,
  options: { readonly terminal: Terminal; readonly isJson: boolean },
): number {
  const { terminal, isJson } = options;
  const shown = describe(error);
  if (isJson) terminal.writeOut(`${encodeJson({ error: shown })}\n`);
  else terminal.writeError(`guestctl: ${printable(shown.message)}\n`);
  return exitCodeOf(error);
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof HostError || error instanceof CliError || error instanceof XenstoreError) {
    return { code: error.code, message: error.message };
  }
  return { code: "INTERNAL", message: `Unexpected error, please report it: ${wordsOf(error)}` };
}

/** The message and the stack, in which some engines do not repeat the message. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = "" } = error;
  return stack.includes(message) && stack !== "" ? stack : `${message}\n${stack}`;
}
