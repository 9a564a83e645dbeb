import * as os from "native:os";
import { check, createClock, type EventLoop, findXenstore, onSignals, Signal } from "@nova-agent/quickjs";
import type { ProgramHost } from "../../program-host.ts";
import { legacyCrypto } from "./legacy-crypto.ts";
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
    findXenstore: () => findXenstore(loop),
    readFile: async (path, bytesMax) => readFile(path, bytesMax),
    onSignal: (callback) => onSignal(loop, callback),
    exit,
  };
}

function readFile(path: string, bytesMax: number): Uint8Array {
  const fd = check(os.open(path, os.O_RDONLY | os.O_NOCTTY, 0));
  try {
    const bytes = new Uint8Array(bytesMax);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytesMax; length += count) {
      count = check(os.read(fd, bytes, length));
    }
    return bytes.subarray(0, length);
  } finally {
    os.close(fd);
  }
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
