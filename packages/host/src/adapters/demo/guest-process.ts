import type { ChildProcess } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import type { Enclosure, GuestProgram } from "./enclosure.ts";
import { AGENT_STOP_TIMEOUT_MS, SHOWN_LOG_CHARACTERS } from "./limits.ts";
import { readChildPid } from "./namespaces.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly status: number | null;
  readonly signal: string | null;
}

/** What one process of a demo guest is started as. */
export interface GuestProcessOptions {
  readonly program: GuestProgram;
  /** What it says is appended to this file. */
  readonly logPath: string;
}

/** The agent of a demo guest, or another program of it, running. */
export class GuestProcess {
  readonly logPath: string;
  /** Resolves when the program has ended, by itself or by `close()`; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #isEntered: boolean;

  private constructor(
    child: ChildProcess,
    options: { readonly isEntered: boolean; readonly logPath: string },
  ) {
    this.#child = child;
    this.#isEntered = options.isEntered;
    this.logPath = options.logPath;
    this.ended = new Promise((resolve) => {
      child.once("error", () => resolve({ status: null, signal: null }));
      child.once("exit", (status, signal) => resolve({ status, signal }));
    });
  }

  /** Starts the program in the enclosure, which must have it. */
  static async start(enclosure: Enclosure, { program, logPath }: GuestProcessOptions): Promise<GuestProcess> {
    const log = await open(logPath, "a", 0o600);
    try {
      const child = enclosure.start(program, log.fd);
      return new GuestProcess(child, { isEntered: enclosure.enterCommand !== undefined, logPath });
    } finally {
      await log.close();
    }
  }

  /** Asks the program to end; false when it has not within the time. */
  async stop(timeoutMs: number): Promise<boolean> {
    const child = this.#child;
    if (this.#isOver || child.pid === undefined) return true;
    // nsenter(1) does not pass signals on: the program is its child. The keeper does.
    send(this.#isEntered ? await readChildPid(child.pid) : child.pid, "SIGTERM");
    // It stops when its child is stopped, and does not go on by itself, or see its child's end, until then.
    send(child.pid, "SIGCONT");
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    const isEnded = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    return isEnded;
  }

  /** Asks the program to end and kills it when it does not; safe to call twice. */
  async close(): Promise<void> {
    if ((await this.stop(AGENT_STOP_TIMEOUT_MS)) || this.#child.pid === undefined) return;
    send(-this.#child.pid, "SIGKILL");
    await this.ended;
  }

  get #isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of its log. */
  async readLogTail(): Promise<string> {
    const text = await readFile(this.logPath, "utf8").catch(() => "");
    return text.slice(-SHOWN_LOG_CHARACTERS).trim();
  }
}

function send(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended just now.
  }
}
