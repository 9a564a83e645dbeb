import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProgramOutcome, runChecked, runProgram, type RunningProcess, startProcess } from "./process.ts";
import { repositoryRoot } from "./repository.ts";
import { type Cleanup, temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait.ts";

const CONTROL = join(repositoryRoot(), "packages/control/dist/src/main.js");
const GUESTCTL = join(repositoryRoot(), "packages/cli/bin/guestctl.mjs");
const PROGRAM_TIMEOUT_MS = 30_000;

/** How long a demo may take to be ready, with a database that is made at each start. */
export const START_TIMEOUT_MS = 45_000;

/** The last line that the demo prints when it is ready. */
export const READY = "Ctrl-C ends the demo";

/** A demo that runs as the operator starts it, with what it printed. */
export interface RunningDemo {
  readonly process: RunningProcess;
  /** The run directory. */
  readonly directory: string;
  /** The guest's root tree on the machine. */
  readonly tree: string;
  readonly socketPath: string;
  /** Where panel and API are. */
  readonly url: string;
}

/** How a demo is started. */
export interface DemoArguments {
  readonly directory: string;
  readonly guest: "namespaces" | "root-tree" | "auto";
  /** Where its data are kept; nowhere without it. */
  readonly data?: string;
  /** A command that the demo is run by, such as unshare(1). */
  readonly launcher?: readonly [string, ...string[]];
}

/** Starts the demo and waits until it is ready; it is ended with the test. */
export async function startDemo(cleanup: Cleanup, options: DemoArguments): Promise<RunningDemo> {
  const { directory, guest } = options;
  const process = launchDemo(cleanup, options);
  await waitFor(() => process.stdout().includes(READY) || !process.isRunning(), {
    what: "demo that is ready",
    timeoutMs: START_TIMEOUT_MS,
  });
  if (!process.isRunning())
    throw new Error(`The ${guest} demo has ended:\n${process.stdout()}${process.stderr()}`);
  const tree = guestTree(process.stdout());
  const url = /^ *Panel +(http\S+)/m.exec(process.stdout())?.[1] ?? "";
  return { process, directory, tree, socketPath: join(directory, "socket"), url };
}

/** Where the guest's files are, as the demo tells it. */
function guestTree(printed: string): string {
  const tree = /^ *Its files +(.+) \(look at /m.exec(printed)?.[1];
  if (tree === undefined) throw new Error(`No place of the guest's files was printed:\n${printed}`);
  return tree;
}

/** Starts the demo and does not wait for it. */
export function launchDemo(cleanup: Cleanup, options: DemoArguments): RunningProcess {
  const { directory, guest, data, launcher } = options;
  const rest = data === undefined ? [] : ["--data", data];
  const argv = [process.execPath, CONTROL, "--directory", directory, "--guest", guest, ...rest] as const;
  const running = startProcess({ argv: launcher === undefined ? argv : [...launcher, ...argv] });
  cleanup.after(() => running.stop());
  return running;
}

/** A path for a run directory, in a temporary directory of the test's own. */
export async function runDirectory(cleanup: Cleanup): Promise<string> {
  return join(await temporaryDirectory(cleanup), "run");
}

/** Runs guestctl as an operator does. */
export function guestctl(
  demo: Pick<RunningDemo, "socketPath">,
  args: readonly string[],
  stdin = "",
): Promise<ProgramOutcome> {
  return runProgram({
    argv: [process.execPath, GUESTCTL, ...args],
    environment: { XENSTORED_PATH: demo.socketPath },
    directory: repositoryRoot(),
    stdin,
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
}

/** Runs a program in the guest by the command that the demo printed. */
export function inGuest(demo: RunningDemo, argv: readonly string[]): Promise<string> {
  return runChecked({ argv: [...enterCommand(demo), ...argv], timeoutMs: PROGRAM_TIMEOUT_MS });
}

/** The id, on the machine, of the guest's first process. */
export function firstPid(demo: RunningDemo): number {
  const option = enterCommand(demo).find((word) => word.startsWith("--target=")) ?? "";
  return Number(option.slice("--target=".length));
}

/** A file of the guest, read on the machine. */
export function guestFile(demo: RunningDemo, path: string): Promise<string> {
  return readFile(demo.tree + path, "utf8");
}

/** The password of a user of the demo, from the file that it names. */
export async function passwordOf(demo: RunningDemo, user: string): Promise<string> {
  const path = /^ *cat (.*\/passwords)$/m.exec(demo.process.stdout())?.[1] ?? "";
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.split(/ +/));
  const password = lines.find(([name]) => name === user)?.[1];
  if (password === undefined) throw new Error(`The demo has no user ${user}`);
  return password;
}

function enterCommand(demo: RunningDemo): [string, ...string[]] {
  const line = /^ *nsenter (.*) sh$/m.exec(demo.process.stdout())?.[1];
  if (line === undefined) throw new Error(`No way into the guest was printed:\n${demo.process.stdout()}`);
  return ["nsenter", ...line.split(" ")];
}
