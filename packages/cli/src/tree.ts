import type { CancelSignal } from "@nova-agent/host";
import { type Permission, XenstoreError, type XenstoreClient } from "@nova-agent/xenstore";
import { CliError } from "./errors.ts";
import { NODES_AT_ONCE, TREE_NODES_MAX } from "./limits.ts";

/** A node as `ls` meets it. */
export interface TreeNode {
  readonly path: string;
  /** 0 for the node that was asked for. */
  readonly depth: number;
  readonly value: Uint8Array;
  /** Present when they were asked for. */
  readonly permissions?: readonly Permission[];
}

interface WalkOptions {
  readonly path: string;
  readonly withPermissions: boolean;
  readonly signal: CancelSignal;
}

interface ReadNode {
  readonly node: TreeNode;
  readonly children: readonly string[];
}

/**
 * The tree at a path, parents before children, in the server's order. Nodes that go away meanwhile are
 * left out; a missing top throws ENOENT. Ends with INTERRUPTED at a signal or after 200,000 nodes.
 */
export async function* walkTree(xenstore: XenstoreClient, options: WalkOptions): AsyncGenerator<TreeNode> {
  const top = await readNode(xenstore, { path: options.path, depth: 0 }, options.withPermissions);
  const waiting: ReadNode[] = [top];
  for (let met = 1; ; met += 1) {
    const next = waiting.pop();
    if (next === undefined) return;
    if (options.signal.aborted) throw new CliError("INTERRUPTED", "Interrupted");
    if (met > TREE_NODES_MAX) throw new CliError("INTERRUPTED", `Stopped after ${TREE_NODES_MAX} nodes`);
    yield next.node;
    const children = await readChildren(xenstore, next, options.withPermissions);
    waiting.push(...children.toReversed());
  }
}

async function readChildren(
  xenstore: XenstoreClient,
  parent: ReadNode,
  withPermissions: boolean,
): Promise<readonly ReadNode[]> {
  const base = parent.node.path === "/" ? "" : parent.node.path;
  const depth = parent.node.depth + 1;
  const found: ReadNode[] = [];
  for (let at = 0; at < parent.children.length; at += NODES_AT_ONCE) {
    const slice = parent.children.slice(at, at + NODES_AT_ONCE);
    const nodes = await Promise.all(
      slice.map((name) => readIfPresent(xenstore, { path: `${base}/${name}`, depth }, withPermissions)),
    );
    found.push(...nodes.filter((node) => node !== undefined));
  }
  return found;
}

async function readIfPresent(
  xenstore: XenstoreClient,
  place: { readonly path: string; readonly depth: number },
  withPermissions: boolean,
): Promise<ReadNode | undefined> {
  try {
    return await readNode(xenstore, place, withPermissions);
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function readNode(
  xenstore: XenstoreClient,
  place: { readonly path: string; readonly depth: number },
  withPermissions: boolean,
): Promise<ReadNode> {
  const [value, children, permissions] = await Promise.all([
    xenstore.read(place.path),
    xenstore.list(place.path),
    withPermissions ? xenstore.getPermissions(place.path) : undefined,
  ]);
  return { node: { ...place, value, ...(permissions === undefined ? {} : { permissions }) }, children };
}
