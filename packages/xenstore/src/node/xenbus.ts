import { close, constants, open, read, write, writeSync } from "node:fs";
import { deviceError } from "../transport/connect-error.ts";
import type { Connect } from "../transport/transport.ts";
import { type XenbusDevice, XenbusTransport } from "../transport/xenbus-transport.ts";

/**
 * Connects through the kernel's device, `/dev/xen/xenbus` in a guest. Rejects with ENOENT where there
 * is no Xen, EACCES without the right, EIO otherwise.
 */
export function connectXenbus(path: string): Connect {
  return () =>
    new Promise((resolve, reject) => {
      open(path, constants.O_RDWR | constants.O_NOCTTY, (error, fd) => {
        if (error === null) resolve(new XenbusTransport({ device: openedDevice(fd), path }));
        else reject(deviceError(path, error));
      });
    });
}

/** The device knows no positions: each call passes null. */
function openedDevice(fd: number): XenbusDevice {
  return {
    read: (buffer, done) => read(fd, buffer, 0, buffer.length, null, done),
    write: (bytes, done) => write(fd, bytes, 0, bytes.length, null, done),
    beforeExit: (wake) => {
      const atExit = (): void => wake((bytes) => void writeSync(fd, bytes));
      process.on("exit", atExit);
      return () => void process.off("exit", atExit);
    },
    close: () =>
      close(fd, () => {
        // The descriptor is gone, whatever the answer.
      }),
  };
}
