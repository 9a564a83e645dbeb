import { spawn } from "node:child_process";
import { once } from "node:events";
import { waitFor } from "@nova-agent/testbed";
import type { Guestctl } from "./guestctl.ts";

/** guestctl on a terminal of its own, as script(1) makes one. */
export interface TerminalSession {
  /** All that the terminal has shown so far. */
  shown(): string;
  /** Waits until the terminal shows `text`. */
  waitForText(text: string): Promise<void>;
  type(keys: string): void;
  /** The exit status, once it ended. */
  readonly status: Promise<number | null>;
  stop(): void;
}

/** Starts guestctl with these arguments, none of which needs quoting, on a terminal. */
export function startOnTerminal(
  { argv }: Guestctl,
  args: readonly string[],
  socketPath: string,
): TerminalSession {
  const command = [...argv, ...args].join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    env: { ...process.env, XENSTORED_PATH: socketPath, SHELL: "/bin/sh" },
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const ended = once(child, "close");
  return {
    shown: () => shown,
    async waitForText(text) {
      await waitFor(() => shown.includes(text), { what: `"${text}" on the terminal` });
    },
    type: (keys) => void child.stdin.write(keys),
    status: ended.then(() => child.exitCode),
    stop: () => void child.kill(),
  };
}
