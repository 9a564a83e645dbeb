import { SHOWN_CONSOLE_LINES } from "../limits.ts";
import { decodeMessage, type Message } from "./messages.ts";
import type { Machine } from "./qemu.ts";

export interface RunOptions {
  /** Named in the error of a run that did not come to its end. */
  readonly logPath: string;
  readonly timeoutMs: number;
}

/**
 * Xen's own xenstored ended itself in the middle of a run, by its assertion that a request has been answered.
 * Seen with 4.17.7 in four of some twenty boots, on a machine whose cores were loaded several times over.
 * The console ends with its trace: the last request there that has no answer is the one.
 */
export class XenstoredAbortedError extends Error {
  override readonly name = "XenstoredAbortedError";
}

const assertionOfXenstored = /xenstored_core\.c:\d+: consider_message: Assertion/;

/**
 * What Dom0 tells until the machine ends. Throws, with the last lines of the console, when it ends
 * before all tests are done or runs longer than it may; then it is stopped. Throws XenstoredAbortedError
 * when that is why.
 */
export async function* readRun(machine: Machine, options: RunOptions): AsyncIterable<Message> {
  const { logPath, timeoutMs } = options;
  let lastLines: readonly string[] = [];
  let isComplete = false;
  let isLate = false;
  let hasAborted = false;
  const timer = setTimeout(() => {
    isLate = true;
    void machine.stop();
  }, timeoutMs);
  try {
    for await (const line of machine.lines) {
      lastLines = [...lastLines, line].slice(-SHOWN_CONSOLE_LINES);
      hasAborted ||= assertionOfXenstored.test(line);
      const message = decodeMessage(line);
      if (message?.kind === "end") isComplete = true;
      else if (message !== undefined) yield message;
    }
  } finally {
    clearTimeout(timer);
  }
  if (isComplete && !isLate) return;
  const reason = isLate ? `did not end within ${timeoutMs / 1000} s` : "ended before all tests were done";
  const text = `Xen ${reason}. The whole console is in ${logPath}; it ends with:\n${lastLines.join("\n")}`;
  throw hasAborted ? new XenstoredAbortedError(text) : new Error(text);
}
