import * as os from "native:os";
import { check, errorOf, type EventLoop, wouldWait } from "@nova-agent/quickjs";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Input, Terminal } from "../../terminal/terminal.ts";
import { listen } from "./listen.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

// poll(2)
const POLLOUT = 0x4;
const WITHOUT_END = -1;

/** The terminal of this process. A reader that went away, as in `guestctl ls | head`, ends it quietly. */
export function createTerminal(loop: EventLoop, exit: (status: number) => void): Terminal {
  const write = (fd: number, text: string): void => {
    if (!writeAll(fd, encodeUtf8(text))) exit(0);
  };
  return {
    input: createInput(loop),
    isErrorTty: os.isTerminal(STDERR),
    writeOut: (text) => write(STDOUT, text),
    writeError: (text) => write(STDERR, text),
  };
}

/** Waits for whoever reads; false when nobody does any more. */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const count = os.write(fd, bytes, at);
    if (count >= 0) at += count;
    else if (wouldWait(count)) waitForRoom(fd);
    else if (errorOf(count).code === "EPIPE") return false;
    else throw errorOf(count);
  }
  return true;
}

/** Whoever shares the descriptor may have made it one that does not wait. */
function waitForRoom(fd: number): void {
  const waited = Int32Array.of(fd, POLLOUT);
  check(os.poll(new Uint8Array(waited.buffer), 1, WITHOUT_END));
}

function createInput(loop: EventLoop): Input {
  return {
    isTty: os.isTerminal(STDIN),
    setRaw: (isRaw) => {
      if (isRaw) check(os.hideKeys(STDIN));
      else os.showKeys();
    },
    listen: (listener) => listen({ loop, fd: STDIN }, listener),
  };
}
