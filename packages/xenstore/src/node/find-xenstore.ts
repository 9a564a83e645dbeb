import { statSync } from "node:fs";
import { XenstoreError } from "../errors.ts";
import type { Connect } from "../transport/transport.ts";
import { connectUnix } from "./unix-socket.ts";
import { connectXenbus } from "./xenbus.ts";

/** Where XenStore was found, and how to connect there. */
export interface FoundXenstore {
  readonly connect: Connect;
  /** For people: `socket /run/xenstored/socket`. */
  readonly description: string;
}

/** What `findXenstore` looks at. */
export interface FindXenstoreOptions {
  /** Places looked at when the environment names none, in this order. */
  readonly places?: readonly string[];
}

const DEFAULT_PLACES = [
  "/run/xenstored/socket",
  "/var/run/xenstored/socket",
  "/dev/xen/xenbus",
  "/proc/xen/xenbus",
] as const;

/**
 * Finds XenStore as Xen's own tools do (xenstore(1), libxenstore): XENSTORED_PATH names a socket or a
 * device, XENSTORED_RUNDIR the folder of the socket; otherwise the usual places. What the environment
 * names is taken, there or not, and so is a place that this user may not look at: connecting says what is
 * wrong with it. ENOENT when nothing is found.
 */
export function findXenstore(
  environment: Readonly<Record<string, string | undefined>>,
  { places = DEFAULT_PLACES }: FindXenstoreOptions = {},
): FoundXenstore {
  const { XENSTORED_PATH: path, XENSTORED_RUNDIR: folder } = environment;
  if (path !== undefined && path !== "") return describe(path);
  if (folder !== undefined && folder !== "") return describe(`${folder}/socket`);
  const place = places.find((candidate) => kindOf(candidate) !== undefined);
  if (place !== undefined) return describe(place);
  const message = `Found no XenStore at ${places.join(", ")}: start its server, or name it in XENSTORED_PATH`;
  throw new XenstoreError("ENOENT", message);
}

function describe(path: string): FoundXenstore {
  return kindOf(path) === "device"
    ? { connect: connectXenbus(path), description: `device ${path}` }
    : { connect: connectUnix(path), description: `socket ${path}` };
}

function kindOf(path: string): "socket" | "device" | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    // In a guest, /proc/xen/xenbus is a plain file of xenfs that works like the device.
    return status.isSocket() ? "socket" : "device";
  } catch {
    // Its folder is root's alone, say.
    return "socket";
  }
}
