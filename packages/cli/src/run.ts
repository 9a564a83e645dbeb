import { readFile } from "node:fs/promises";
import { Cli } from "./cli.ts";
import { createProgram } from "./program.ts";
import { report } from "./report.ts";
import { listenForInterruption } from "./terminal/interruption.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Runs one command line, without program name, and returns the exit code. */
export async function runGuestctl(args: readonly string[], terminal: Terminal): Promise<number> {
  const interruption = listenForInterruption();
  const cli = new Cli(terminal, interruption.signal);
  try {
    const program = createProgram(cli, await readVersion());
    await program.parseAsync(args, { from: "user" });
    return cli.exitCode;
  } catch (error) {
    // A wrong command line is reported before the options are known.
    const isJson = cli.isJson || args.includes("--json");
    const exitCode = report(error, { terminal, isJson });
    return interruption.exitCode() ?? exitCode;
  } finally {
    interruption.close();
  }
}

async function readVersion(): Promise<string> {
  // The same from src and from dist/src is not needed: only compiled files run.
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
