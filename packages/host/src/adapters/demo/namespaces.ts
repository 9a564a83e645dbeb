import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { DemoError } from "./errors.ts";
import { NAMESPACES_START_TIMEOUT_MS, NAMESPACES_STOP_TIMEOUT_MS } from "./limits.ts";
import { type Argv, PLAIN_ENVIRONMENT, type ProgramCall, runProgram } from "./program.ts";

const UNSHARE = [
  ["--user", "--map-root-user"],
  ["--net", "--mount", "--uts", "--ipc", "--pid"],
  ["--fork", "--kill-child"],
].flat();

/**
 * The first process of the guest. It tells its process id on the machine, because /proc is still the
 * machine's, and then waits for the end of its input: that comes when this process ends in whatever
 * way, and with its first process everything in the namespaces ends. Ignoring SIGCHLD lets the kernel
 * collect orphans.
 */
const FIRST_PROCESS = ["env", "--ignore-signal=CHLD", "cat", "/proc/self/stat", "-"];

/**
 * A user, network, mount, UTS, IPC and process namespace, owned by nobody but this process: they need
 * no privilege, and the kernel removes them with all that is in them when this process is gone.
 */
export class Namespaces {
  /** The first process's id on the machine. */
  readonly pid: number;
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.pid = pid;
  }

  /** Throws DEMO_NAMESPACES_UNAVAILABLE with the reason when the machine does not allow it. */
  static async open(): Promise<Namespaces> {
    // In a session of its own, so that Ctrl-C reaches the guest through its close() alone.
    const holder = spawn("unshare", [...UNSHARE, ...FIRST_PROCESS], {
      detached: true,
      cwd: "/",
      env: PLAIN_ENVIRONMENT,
      stdio: ["pipe", "pipe", "pipe"],
    });
    try {
      const line = await firstLine(holder);
      return new Namespaces(holder, Number.parseInt(line, 10));
    } catch (error) {
      holder.kill("SIGKILL");
      throw error;
    }
  }

  /** Runs a program inside to its end; throws DEMO_PROGRAM_FAILED. */
  run(call: ProgramCall): Promise<string> {
    return runProgram({ ...call, argv: this.enter(call.argv) });
  }

  /** Starts a program inside. The child is nsenter(1), which ends with the program's status. */
  spawn(argv: Argv, options: SpawnOptions): ChildProcess {
    const [file, ...args] = this.enter(argv);
    return spawn(file, args, options);
  }

  /** The command that runs `argv` inside when it is run on the machine by the same user. */
  enter(argv: Argv): Argv {
    return [...this.enterCommand(), ...argv];
  }

  /** nsenter(1) with the options that lead inside. */
  enterCommand(): Argv {
    // The user is root inside already; setting groups again is not allowed without privilege.
    const user = ["--user", "--preserve-credentials"];
    return ["nsenter", `--target=${this.pid}`, ...user, "--mount", "--net", "--uts", "--ipc", "--pid"];
  }

  /** Ends every process inside, and the namespaces with them. Safe to call twice. */
  async close(): Promise<void> {
    const holder = this.#holder;
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    // unshare ends only when its child has been collected, and that only when all inside are gone.
    const ended = once(holder, "exit");
    holder.stdin?.end();
    const timer = setTimeout(() => holder.kill("SIGKILL"), NAMESPACES_STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}

/** The id, on the machine, of the one child of a process; undefined where the kernel does not tell. */
export async function readChildPid(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const child = Number.parseInt(children, 10);
  return Number.isNaN(child) ? undefined : child;
}

function firstLine(holder: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    let words = "";
    const fail = (reason: string) => {
      clearTimeout(timer);
      const text = words.trim() === "" ? reason : words.trim();
      reject(new DemoError("DEMO_NAMESPACES_UNAVAILABLE", `Cannot make namespaces: ${text}`));
    };
    const timer = setTimeout(() => fail("no answer from unshare"), NAMESPACES_START_TIMEOUT_MS);
    holder.once("error", (error) => fail(error.message));
    holder.once("close", (status) => fail(`unshare ended with status ${status}`));
    holder.stderr?.on("data", (data: Buffer) => (words += data.toString()));
    holder.stdin?.on("error", () => undefined);
    holder.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      if (!output.includes("\n")) return;
      clearTimeout(timer);
      resolve(output);
    });
  });
}
