import type { ReadStream } from "node:tty";
import type { Input, Terminal } from "../../terminal/terminal.ts";
import { listen } from "./listen.ts";

/** The terminal of this process. A reader that went away, as in `guestctl ls | head`, ends it quietly. */
export function processTerminal(): Terminal {
  process.stdout.on("error", endWhenPipeBroke);
  process.stderr.on("error", endWhenPipeBroke);
  return {
    input: processInput(),
    isErrorTty: process.stderr.isTTY,
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  };
}

// Not touched before it is needed: Node opens it then.
function processInput(): Input {
  return {
    get isTty() {
      return process.stdin.isTTY;
    },
    setRaw: (isRaw) => void (process.stdin as ReadStream).setRawMode(isRaw),
    listen: (listener) => listen(process.stdin, listener),
  };
}

function endWhenPipeBroke(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}
