import { statSync } from "node:fs";
import { chooseXenstore, type FoundXenstore, type XenstoreKind } from "../transport/choose-xenstore.ts";
import { connectUnix } from "./unix-socket.ts";
import { connectXenbus } from "./xenbus.ts";

/** What `findXenstore` looks at. */
export interface FindXenstoreOptions {
  /** Places looked at when the environment names none, in this order. */
  readonly places?: readonly string[];
}

/**
 * Finds XenStore where the environment says, or else in the usual places; one that this user may not
 * look at counts as found. ENOENT when nothing is found.
 */
export function findXenstore(
  environment: Readonly<Record<string, string | undefined>>,
  { places }: FindXenstoreOptions = {},
): FoundXenstore {
  return chooseXenstore({
    environment: (name) => environment[name],
    places,
    kindOf,
    connect: { socket: connectUnix, device: connectXenbus },
  });
}

function kindOf(path: string): XenstoreKind | undefined {
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
