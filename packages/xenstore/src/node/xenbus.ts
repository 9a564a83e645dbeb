import { close, constants, open, read, write, writeSync } from "node:fs";
import { XenstoreError, type XenstoreErrorCode } from "../errors.ts";
import type { Connect } from "../transport/transport.ts";
import { type BlockingDevice, XenbusTransport } from "./xenbus-transport.ts";

/**
 * Connects through the kernel's device, `/dev/xen/xenbus` in a guest. Rejects with ENOENT where there
 * is no Xen, EACCES without the right, EIO otherwise.
 */
export function connectXenbus(path: string): Connect {
  return () =>
    new Promise((resolve, reject) => {
      open(path, constants.O_RDWR | constants.O_NOCTTY, (error, fd) => {
        if (error === null) resolve(new XenbusTransport({ device: openedDevice(fd), path }));
        else reject(openError(path, error));
      });
    });
}

/** The device knows no positions: each call passes null. */
function openedDevice(fd: number): BlockingDevice {
  return {
    read: (buffer, done) => read(fd, buffer, 0, buffer.length, null, done),
    write: (bytes, done) => write(fd, bytes, 0, bytes.length, null, done),
    writeSync: (bytes) => void writeSync(fd, bytes),
    close: () =>
      close(fd, () => {
        // The descriptor is gone, whatever the answer.
      }),
  };
}

function openError(path: string, cause: NodeJS.ErrnoException): XenstoreError {
  const { code, because } = explain(cause);
  return new XenstoreError(code, `Cannot open XenStore's device "${path}": ${because}`, { cause });
}

/** What a failure to open means, and the way out. */
function explain(cause: NodeJS.ErrnoException): { code: XenstoreErrorCode; because: string } {
  switch (cause.code) {
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return { code: "ENOENT", because: "no such device; is this a Xen guest with XenStore?" };
    case "EACCES":
    case "EPERM":
      return { code: "EACCES", because: "permission denied; run as root" };
    default:
      return { code: "EIO", because: cause.message };
  }
}
