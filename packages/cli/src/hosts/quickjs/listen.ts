import * as os from "native:os";
import { errorOf, type EventLoop, wouldWait } from "@nova-agent/quickjs";
import { INPUT_MAX_BYTES } from "../../limits.ts";
import type { InputListener } from "../../terminal/terminal.ts";

/** A descriptor and what waits for it. */
export interface Listening {
  readonly loop: EventLoop;
  readonly fd: number;
}

/** Tells what comes from a descriptor until the returned function is called. */
export function listen({ loop, fd }: Listening, { receive, ended, failed }: InputListener): () => void {
  const buffer = new Uint8Array(INPUT_MAX_BYTES);
  const stop = (): void => loop.unwatch(fd);
  const readable = (): void => {
    const count = os.read(fd, buffer, 0);
    if (wouldWait(count)) return;
    if (count > 0) {
      receive(buffer.subarray(0, count));
      buffer.fill(0, 0, count);
      return;
    }
    stop();
    if (count < 0) failed(errorOf(count));
    else ended();
  };
  // Not read before it is ready: a FIFO that nobody has opened to write would be at its end.
  loop.watch(fd, { readable });
  return stop;
}
