import * as os from "native:os";
import { type Transport, type XenbusDevice, XenbusTransport } from "@nova-agent/xenstore";
import { errorOf, wouldWait } from "./errno.ts";
import type { EventLoop } from "./event-loop.ts";

/** An open device of XenStore. */
export interface OpenXenbus {
  readonly fd: number;
  readonly path: string;
  readonly loop: EventLoop;
}

/** The transport over the device; the descriptor, which does not block, is its own from here on. */
export function openXenbus({ fd, path, loop }: OpenXenbus): Transport {
  return new XenbusTransport({ device: deviceOf(fd, loop), path });
}

function deviceOf(fd: number, loop: EventLoop): XenbusDevice {
  return {
    read(buffer, done) {
      const attempt = (): void => {
        const count = os.read(fd, buffer, 0);
        if (wouldWait(count)) return;
        loop.unwatch(fd);
        done(count < 0 ? errorOf(count) : null, count);
      };
      loop.watch(fd, { readable: attempt });
    },
    write(bytes, done) {
      const count = os.write(fd, bytes, 0);
      // The device takes a message at once or refuses it. Told later, as the transport's rules have it.
      void tell(() => done(count < 0 ? errorOf(count) : null));
    },
    cancelRead: () => loop.unwatch(fd),
    close: () => {
      loop.unwatch(fd);
      os.close(fd);
    },
  };
}

async function tell(callback: () => void): Promise<void> {
  await Promise.resolve();
  callback();
}
