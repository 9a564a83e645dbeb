import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { domainPath } from "../model/guest-paths.ts";
import { GUEST_NODES_DEPTH, GUEST_NODES_MAX } from "./limits.ts";
import { printable } from "./printable.ts";

/** Text by its path below the domain, such as `data/os_name`: only nodes that have some. */
export type GuestNodes = ReadonlyMap<string, string>;

/**
 * Where guests publish, and the cards that the toolstack gave them. Requests and replies are left out: what
 * is in them may be secret.
 */
const PLACES: readonly string[] = ["attr", "data", "memory", "device/vif", "xenserver/attr"];
const LEFT_OUT: ReadonlySet<string> = new Set(["data/host", "data/guest", "data/nova-agent"]);

/** Reads what a guest has published, as far as `GUEST_NODES_MAX` goes, in the order of the paths. */
export async function readGuestNodes(
  xenstore: Pick<XenstoreClient, "list" | "read">,
  domid: number,
): Promise<GuestNodes> {
  const found: [string, string][] = [];
  let level = PLACES;
  let left = GUEST_NODES_MAX;
  for (let depth = 0; depth < GUEST_NODES_DEPTH && level.length > 0; depth += 1) {
    const paths = level.filter((path) => !LEFT_OUT.has(path)).slice(0, left);
    left -= paths.length;
    const nodes = await Promise.all(paths.map((path) => readNode(xenstore, { domid, path })));
    found.push(...nodes.flatMap(({ path, text }) => (text === "" ? [] : [[path, text] as [string, string]])));
    level = nodes.flatMap(({ path, names }) => names.map((name) => `${path}/${name}`));
  }
  return new Map(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function readNode(
  xenstore: Pick<XenstoreClient, "list" | "read">,
  { domid, path }: { readonly domid: number; readonly path: string },
): Promise<{ readonly path: string; readonly text: string; readonly names: readonly string[] }> {
  const whole = `${domainPath(domid)}/${path}`;
  const [bytes, names] = await Promise.all([
    orNothing(xenstore.read(whole)),
    orNothing(xenstore.list(whole)),
  ]);
  return { path, text: bytes === undefined ? "" : printable(bytes), names: names ?? [] };
}

/** A guest may remove its nodes while they are read. */
async function orNothing<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}
