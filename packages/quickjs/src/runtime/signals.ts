import * as os from "native:os";
import { check } from "./errno.ts";
import type { EventLoop } from "./event-loop.ts";

/** Signals' numbers on Linux, the same on x86-64 and arm64. */
export const Signal = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15, SIGCHLD: 17 } as const;

/** signalfd(2): what is read for one signal. */
const SIGNAL_BYTES = 128;

/** Calls back when one of the signals came, instead of what it would have done; holds nothing up. */
export function onSignals(loop: EventLoop, numbers: readonly number[], callback: () => void): void {
  const fd = check(os.openSignals(numbers));
  const buffer = new Uint8Array(SIGNAL_BYTES);
  const readable = (): void => {
    // Several of one kind may have become one, so that how many are read does not matter.
    while (os.read(fd, buffer, 0) > 0);
    callback();
  };
  loop.watch(fd, { readable, isBackground: true });
}
