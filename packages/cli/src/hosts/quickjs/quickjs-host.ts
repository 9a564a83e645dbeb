import * as os from "native:os";
import { check, createClock, type EventLoop, findXenstore, onSignals, Signal } from "@nova-agent/quickjs";
import type { OpenFile, ProgramHost } from "../../program-host.ts";
import { legacyCrypto } from "./legacy-crypto.ts";
import { listen } from "./listen.ts";
import { createTerminal } from "./terminal.ts";

const endingSignals = [Signal.SIGHUP, Signal.SIGINT, Signal.SIGTERM] as const;

/** guestctl's host in the static executable. */
export function createQuickjsHost(loop: EventLoop): ProgramHost {
  let isEnded = false;
  const exit = (status: number): void => {
    // What ended first counts: the rest of the program may still come to an end of its own.
    if (!isEnded) os.setExitStatus(status);
    isEnded = true;
    loop.stop();
  };
  return {
    terminal: createTerminal(loop, exit),
    clock: createClock(loop),
    crypto: legacyCrypto,
    api: undefined,
    findXenstore: () => findXenstore(loop),
    openFile: (path) => openFile(loop, path),
    onSignal: (callback) => onSignal(loop, callback),
    exit,
  };
}

function openFile(loop: EventLoop, path: string): OpenFile {
  const fd = check(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY, 0));
  return {
    listen: (listener) => listen({ loop, fd }, listener),
    close: () => void os.close(fd),
  };
}

function onSignal(loop: EventLoop, callback: (number: number) => void): () => void {
  let isHeard = true;
  for (const number of endingSignals) {
    onSignals(loop, [number], () => {
      if (isHeard) callback(number);
    });
  }
  return () => {
    isHeard = false;
  };
}
