import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import type { OpenFile } from "../../program-host.ts";
import { listen } from "./listen.ts";

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;

/** Opens a file, which may be one that has nothing to read yet. Throws what the operating system says. */
export function openFile(path: string): OpenFile {
  // A thread that waits for the other end of a FIFO would hold up the end of the process, also exit().
  const stream = streamOf(openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  return {
    listen: ({ receive, ...listener }) => {
      const wiping = (bytes: Uint8Array): void => {
        receive(bytes);
        bytes.fill(0);
      };
      return listen(stream, { ...listener, receive: wiping });
    },
    close: () => void stream.destroy(),
  };
}

function streamOf(fd: number): Readable {
  if (isatty(fd)) return new ReadStream(fd);
  // Named for sockets, it polls pipes as well.
  if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream("", { fd });
}
