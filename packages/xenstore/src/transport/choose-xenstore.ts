import { XenstoreError } from "../errors.ts";
import type { Connect } from "./transport.ts";

/** Where XenStore was found, and how to connect there. */
export interface FoundXenstore {
  readonly connect: Connect;
  /** For people: `socket /run/xenstored/socket`. */
  readonly description: string;
}

/** What is at a path; undefined when nothing is. */
export type XenstoreKind = "socket" | "device";

/** What the choice stands on. */
export interface ChooseXenstoreOptions {
  /** Value of an environment variable. */
  readonly environment: (name: string) => string | undefined;
  /** Places looked at when the environment names none, in this order. */
  readonly places?: readonly string[] | undefined;
  readonly kindOf: (path: string) => XenstoreKind | undefined;
  readonly connect: Readonly<Record<XenstoreKind, (path: string) => Connect>>;
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
 * names is taken, there or not: connecting says what is wrong with it. ENOENT when nothing is found.
 */
export function chooseXenstore(options: ChooseXenstoreOptions): FoundXenstore {
  const { environment, places = DEFAULT_PLACES, kindOf } = options;
  const path = environment("XENSTORED_PATH") ?? "";
  if (path !== "") return describe(path, options);
  const folder = environment("XENSTORED_RUNDIR") ?? "";
  if (folder !== "") return describe(`${folder}/socket`, options);
  const place = places.find((candidate) => kindOf(candidate) !== undefined);
  if (place !== undefined) return describe(place, options);
  const message = `Found no XenStore at ${places.join(", ")}: start its server, or name it in XENSTORED_PATH`;
  throw new XenstoreError("ENOENT", message);
}

function describe(path: string, { kindOf, connect }: ChooseXenstoreOptions): FoundXenstore {
  const kind = kindOf(path) ?? "socket";
  return { connect: connect[kind](path), description: `${kind} ${path}` };
}
