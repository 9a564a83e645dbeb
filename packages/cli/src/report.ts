import { HostError } from "@nova-agent/host";
import { XenstoreError } from "@nova-agent/xenstore";
import { CommanderError } from "commander";
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
  if (shown === undefined) return 0;
  if (isJson) terminal.writeOut(`${encodeJson({ error: shown })}\n`);
  else terminal.writeError(`guestctl: ${printable(shown.message)}\n`);
  return error instanceof CommanderError
    ? exitCodeOf(new CliError("USAGE", shown.message))
    : exitCodeOf(error);
}

interface Shown {
  readonly code: string;
  readonly message: string;
}

/** Code and message, or undefined for what is no error: `--help` and `--version`. */
function describe(error: unknown): Shown | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    return { code: "USAGE", message: usageMessage(error) };
  }
  if (error instanceof HostError || error instanceof CliError || error instanceof XenstoreError) {
    return { code: error.code, message: error.message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "INTERNAL", message: `Unexpected error, please report it: ${message}` };
}

function usageMessage(error: CommanderError): string {
  // Without a command commander prints the help as an error and has no words of its own.
  if (error.code === "commander.help") return 'No command given. "guestctl --help" shows them';
  const words = error.message
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replaceAll("\n", " ");
  return `${words}. "guestctl --help" shows the usage`;
}
