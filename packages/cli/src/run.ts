import { Cli } from "./cli.ts";
import { readCommandLine } from "./command-line/read-command-line.ts";
import { helpText, known } from "./program.ts";
import type { ProgramHost } from "./program-host.ts";
import { report } from "./report.ts";
import { Interruption } from "./terminal/interruption.ts";
import { GUESTCTL_VERSION } from "./version.ts";

/** Runs one command line, without program name, and returns the exit code. */
export async function runGuestctl(args: readonly string[], host: ProgramHost): Promise<number> {
  const interruption = new Interruption(host);
  const cli = new Cli(host, interruption.signal);
  try {
    await perform(args, cli);
    return cli.exitCode;
  } catch (error) {
    // A wrong command line is reported before the options are known.
    const isJson = cli.isJson || args.includes("--json");
    const exitCode = report(error, { terminal: host.terminal, isJson });
    return interruption.exitCode ?? exitCode;
  } finally {
    interruption.close();
  }
}

async function perform(args: readonly string[], cli: Cli): Promise<void> {
  const commandLine = readCommandLine(args, known);
  switch (commandLine.kind) {
    case "version":
      cli.terminal.writeOut(`${GUESTCTL_VERSION}\n`);
      return;
    case "help":
      cli.terminal.writeOut(helpText(commandLine));
      return;
    case "run": {
      const { command, given } = commandLine;
      cli.setOptions({ isJson: given.has("json"), timeoutMs: given.number("timeout") });
      await command.run(given, cli);
    }
  }
}
