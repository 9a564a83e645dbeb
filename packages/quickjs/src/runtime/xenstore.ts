import * as os from "native:os";
import {
  type Connect,
  chooseXenstore,
  deviceError,
  type FoundXenstore,
  socketError,
  type XenstoreKind,
} from "@nova-agent/xenstore";
import { check, errorOf, NativeError } from "./errno.ts";
import type { EventLoop } from "./event-loop.ts";

const S_IFMT = 0o170000;
const S_IFSOCK = 0o140000;

/** Finds XenStore where the environment says, or else in the usual places. ENOENT when nothing is found. */
export function findXenstore(
  loop: EventLoop,
  environment: (name: string) => string | undefined = os.environment,
): FoundXenstore {
  return chooseXenstore({
    environment,
    kindOf,
    connect: { socket: (path) => connectUnix(path, loop), device: (path) => connectXenbus(path, loop) },
  });
}

function kindOf(path: string): XenstoreKind | undefined {
  const status = os.stat(path);
  // A place that this user may not look at counts as found: connecting says what is wrong with it.
  if (typeof status === "number") return errorOf(status).code === "EACCES" ? "socket" : undefined;
  return (status[0] & S_IFMT) === S_IFSOCK ? "socket" : "device";
}

/** Connects to a XenStore server's socket; rejects with a XenstoreError that says what is wrong. */
export function connectUnix(path: string, loop: EventLoop): Connect {
  return async () => {
    // Loaded on use, as the device's: a program needs one of the two.
    const { SocketTransport } = await import("./socket-transport.ts");
    return new SocketTransport(
      open(
        () => os.connectUnix(path),
        (error) => socketError(path, error),
      ),
      loop,
    );
  };
}

/** Connects through the kernel's device, `/dev/xen/xenbus` in a guest. */
export function connectXenbus(path: string, loop: EventLoop): Connect {
  return async () => {
    const flags = os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK;
    const fd = open(
      () => os.open(path, flags, 0),
      (error) => deviceError(path, error),
    );
    const { openXenbus } = await import("./xenbus.ts");
    return openXenbus({ fd, path, loop });
  };
}

function open(body: () => number, explain: (error: NativeError) => Error): number {
  try {
    return check(body());
  } catch (error) {
    throw error instanceof NativeError ? explain(error) : error;
  }
}
