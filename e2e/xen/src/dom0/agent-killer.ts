import { waitFor } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";
import type { Guest } from "./guest.ts";

/** When the agent is to be killed. */
export interface KillPoint {
  /** System calls as strace(1) names them, such as `rename`; the agent dies as it enters one. */
  readonly syscalls: string;
  /** Which one of them, from 1 on, counted by thread. */
  readonly occurrence: number;
  /** Only those on this file. */
  readonly path?: string;
}

/** What is done around the kill. */
export interface KillActions<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly look?: () => Promise<void>;
}

/** Status of a process that SIGKILL ended, as the shell tells it. */
const KILLED = "137";

/** Where the agent is killed. */
export const killPoints = {
  talking: { syscalls: "write", occurrence: 1, path: "/dev/xen/xenbus" },
  /** Content is written and not yet durable. */
  syncing: { syscalls: "fsync", occurrence: 1 },
  /** The first rename of a file that is replaced puts its backup in place, the second the file. */
  renaming: { syscalls: "rename", occurrence: 1 },
  renamingAgain: { syscalls: "rename", occurrence: 2 },
  startingProgram: { syscalls: "clone,clone3,fork,vfork", occurrence: 1 },
  startingSecondProgram: { syscalls: "clone,clone3,fork,vfork", occurrence: 2 },
  startingFourthProgram: { syscalls: "clone,clone3,fork,vfork", occurrence: 4 },
  /** A program has ended, and the agent does not know yet. */
  reapingProgram: { syscalls: "wait4", occurrence: 1 },
} as const satisfies Readonly<Record<string, KillPoint>>;

/** Kills the agent of a guest at exact points, through strace's injection, and watches over its starts. */
export class AgentKiller {
  readonly #guest: Guest;

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /**
   * Asks something of the agent, kills it at the point, calls `look` while no agent runs, lets the service
   * manager start it again, and resolves to the answer.
   */
  async survive<Answer>(point: KillPoint, { ask, look }: KillActions<Answer>): Promise<Answer> {
    let answer: Promise<Answer>;
    try {
      await this.#arm(point);
      answer = ask();
      answer.catch(() => undefined);
      await this.#killed();
      await look?.();
    } finally {
      // After a failure too, or every later test would miss the agent.
      await this.#disarm();
    }
    return answer;
  }

  /** From now on the agent is killed when it comes to the point, and not started again. */
  async #arm({ syscalls, occurrence, path }: KillPoint): Promise<void> {
    const filter = path === undefined ? "" : `-P ${path}`;
    const inject = `-e trace=${syscalls} -e inject=${syscalls}:signal=KILL:when=${occurrence}`;
    await this.#guest.run(`
      touch /run/agent-hold
      : > /run/agent-ends
      strace -f -p "$(cat /run/nova-agent.pid)" ${filter} ${inject} -o /run/strace.log 2>/run/strace.errors &
      echo $! >/run/strace.pid
    `);
    await waitFor(() => this.#isTraced(), {
      what: "strace at every thread of the agent",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
  }

  /** Ends strace if it still runs, and lets the agent be started again. */
  async #disarm(): Promise<void> {
    await this.#guest.run('kill "$(cat /run/strace.pid)" || true; rm -f /run/strace.pid /run/agent-hold');
  }

  /** Resolves when the agent is dead; rejects when the point is never reached. */
  async #killed(): Promise<void> {
    await waitFor(async () => (await this.#ends()).length > 0, {
      what: "end of the agent at the point it was to be killed at",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
    const [status] = await this.#ends();
    if (status !== KILLED) throw new Error(`The agent ended with status ${status} and not by SIGKILL`);
  }

  /** Also when it is dead already: it looks for requests now and then, and may come to the point by itself. */
  async #isTraced(): Promise<boolean> {
    const states = await this.#guest.run(
      'grep -h TracerPid /proc/"$(cat /run/nova-agent.pid)"/task/*/status || true',
    );
    return !/TracerPid:\s+0$/m.test(states);
  }

  async #ends(): Promise<readonly string[]> {
    return (await this.#guest.run("cat /run/agent-ends")).split("\n").filter((line) => line !== "");
  }
}
