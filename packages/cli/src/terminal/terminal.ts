import type { ReadStream } from "node:tty";

/** The process as the commands see it. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Whether a person reads the standard error. */
  readonly isErrorTty: boolean;
  /** What was asked for: results. */
  writeOut(text: string): void;
  /** Everything else: errors, prompts, progress. */
  writeError(text: string): void;
}

/** The terminal of this process. A reader that went away, as in `guestctl ls | head`, ends it quietly. */
export function processTerminal(): Terminal {
  process.stdout.on("error", endWhenPipeBroke);
  process.stderr.on("error", endWhenPipeBroke);
  return {
    environment: process.env,
    stdin: process.stdin,
    isErrorTty: process.stderr.isTTY,
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  };
}

/** Whether a person types at it. */
export function isTty(stream: NodeJS.ReadStream): stream is ReadStream {
  return stream.isTTY;
}

function endWhenPipeBroke(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}
