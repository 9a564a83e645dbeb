import { waitFor } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";
import type { Guest } from "./guest.ts";
import type { HookPoint, KillPoint, SyscallPoint } from "./kill-points.ts";

/** What is done around the kill. */
export interface KillActions<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly look?: () => Promise<void>;
}

/** Status of a process that SIGKILL ended, as the shell tells it. */
const KILLED = "137";

/** One that run-parts(8) takes. */
const HOOK_NAME = "kill-agent";

/**
 * Kills the agent of a guest at exact points, through strace's injection or a hook of the guest's network,
 * and watches over its starts.
 */
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
  async #arm(point: KillPoint): Promise<void> {
    await this.#guest.run("touch /run/agent-hold; : > /run/agent-ends");
    if ("hooks" in point) await this.#hook(point);
    else await this.#trace(point);
  }

  /**
   * Which of the agent's processes comes to the point is the agent's affair: it is stopped there, and the
   * service is killed, with which all of them end.
   */
  async #trace({ syscalls, occurrence, path }: SyscallPoint): Promise<void> {
    const filter = path === undefined ? "" : `-P ${path}`;
    // The error keeps the call from being made; the process stops before it hears of it.
    const fault = `error=EIO:signal=STOP:when=${occurrence}`;
    const inject = `-e trace=${syscalls} -e inject=${syscalls}:${fault}`;
    await this.#guest.run(`
      : >/run/strace.log
      strace -f -p "$(cat /run/nova-agent.pid)" ${filter} ${inject} -o /run/strace.log 2>/run/strace.errors &
      echo $! >/run/strace.pid
      { until grep -q 'stopped by SIGSTOP' /run/strace.log; do sleep 0.05; done
        kill -KILL "$(cat /run/nova-agent.pid)"; } >/dev/null 2>&1 &
      echo $! >/run/watcher.pid
    `);
    await waitFor(() => this.#isTraced(), {
      what: "strace at every thread of the agent",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
  }

  /** A hook that works once. The agent runs its programs in process groups of their own. */
  async #hook({ hooks, killsProgram }: HookPoint): Promise<void> {
    const path = `/etc/network/${hooks}/${HOOK_NAME}`;
    await this.#guest.run(`set -e
      cat > ${path} <<'END'
#!/bin/sh
rm "$0"
kill -KILL "$(cat /run/nova-agent.pid)"
${killsProgram ? "kill -KILL 0" : ""}
END
      chmod 755 ${path}
    `);
  }

  /** Ends strace if it still runs, takes the hook away, and lets the agent be started again. */
  async #disarm(): Promise<void> {
    await this.#guest.run(`
      for pid in strace watcher; do
        [ ! -e /run/$pid.pid ] || kill "$(cat /run/$pid.pid)" || true
        rm -f /run/$pid.pid
      done
      rm -f /etc/network/if-*.d/${HOOK_NAME} /run/agent-hold
    `);
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
