import { nodeClock } from "@nova-agent/xenstore/node";
import { type ControlOptions, HELP, parseCommandLine } from "./demo/command-line.ts";
import { startDemo } from "./demo/demo.ts";
import { renderError } from "./errors.ts";
import { type DemoSummary, renderInstructions } from "./demo/instructions.ts";
import { createProgress, formatSeconds } from "./demo/progress.ts";
import { defaultRunDirectory, openRunDirectory } from "./demo/run-directory.ts";

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (options.isHelp) return void process.stdout.write(HELP);
  const ending = endOnSignal();
  try {
    await runDemo(options, ending);
  } catch (error) {
    // Whatever was under way when the end was asked for has failed for that reason.
    if (!ending.signal.aborted) throw error;
  }
}

async function runDemo(options: ControlOptions, ending: Ending): Promise<void> {
  const startMs = nodeClock.nowMs();
  const directory = await openRunDirectory(options.directory ?? defaultRunDirectory());
  try {
    const progress = createProgress(nodeClock, print);
    const demo = await startDemo({ ...options, directory, progress, signal: ending.signal });
    try {
      print(`The demo is ready after ${formatSeconds(nodeClock.nowMs() - startMs)}.\n`);
      print(renderInstructions(demo.summary));
      print(renderEnd(options.dataDirectory));
      const isLost = await Promise.race([ending.asked, demo.agentEnded]);
      if (isLost === true && !ending.signal.aborted) print(agentEnded(demo.summary));
      await ending.asked;
    } finally {
      await progress.step("Ending API and guests", () => demo.close());
    }
  } finally {
    await directory.close();
  }
}

function renderEnd(dataDirectory: string | undefined): string {
  if (dataDirectory === undefined) return "Ctrl-C ends the demo and removes all of this.";
  return `Ctrl-C ends the demo; its database and its guests' disks stay in ${dataDirectory}.`;
}

/** A guest goes on without its agent: how a host deals with that is worth a look, too. */
function agentEnded({ logPath }: DemoSummary): string {
  return `The agent has ended by itself; ${logPath} tells why. Ctrl-C ends the demo.`;
}

interface Ending {
  /** Aborted when the process was asked to end. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly asked: Promise<void>;
}

/**
 * The first signal ends the process in good order, and so does the end of the process that started it and
 * waits for it. A second Ctrl-C ends it at once; the guest ends with it all the same. Other signals may
 * well come twice: from the terminal, which tells every process of it, and from the starter.
 */
function endOnSignal(): Ending {
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted && name === "SIGINT") process.exit(1);
      controller.abort();
    });
  }
  process.once("disconnect", () => controller.abort());
  // Listening for the starter's end must not keep this process alive.
  process.channel?.unref();
  return { signal: controller.signal, asked };
}

// A terminal that is gone must not keep the guest from being ended.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

try {
  await main();
} catch (error) {
  process.stderr.write(renderError(error));
  process.exitCode = 1;
}
