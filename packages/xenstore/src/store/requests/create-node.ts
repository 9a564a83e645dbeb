import { OK_PAYLOAD } from "../../wire/replies.ts";
import { isOver, nodeSizeBytes } from "../domain/quotas.ts";
import { type AccessList, inheritAccess } from "../tree/access.ts";
import { makeLeaf, type StoreNode } from "../tree/node.ts";
import type { XsPath } from "../tree/path.ts";
import type { Answer, Caller, Core } from "./core.ts";

const noBytes = new Uint8Array(0);

/** Whether a node as it is fits the caller's limit of a node's size. */
export function hasRoomFor(core: Core, caller: Caller, node: StoreNode, addedNameBytes = 0): boolean {
  const { value, access, children } = node;
  const permissions = access.length;
  const nameBytes = children.nameBytes + addedNameBytes;
  const size = nodeSizeBytes({ valueBytes: value.length, permissions, nameBytes });
  return !isOver(size, core.domains.limit(caller.domain, "node-size"));
}

/**
 * Makes a missing node and the parents it lacks, which are empty and of which no watcher is told.
 * Each copies the permissions of the one above. That the caller may write the nearest ancestor is
 * known already.
 */
export function createNode(
  core: Core,
  caller: Caller,
  { path, value }: { readonly path: XsPath; readonly value: Uint8Array },
): Answer {
  const { view, domain } = caller;
  const { names } = path;
  let depth = names.length - 1;
  while (depth > 0 && view.find(names, depth) === undefined) depth -= 1;
  const ancestor = view.find(names, depth);
  if (ancestor === undefined) return "ENOENT";
  const access = inheritAccess(ancestor.access, domain);
  const nodes = { path, value, ancestor, depth, access };
  if (ownsTooMany(core, caller, nodes)) return "ENOSPC";
  if (!areSmallEnough(core, caller, nodes)) {
    view.fail();
    return "ENOSPC";
  }
  let after = ancestor;
  for (depth += 1; depth <= names.length; depth += 1) {
    after = makeLeaf(depth === names.length ? value : noBytes, access, view.stamp());
    view.change({ names, depth }, { before: undefined, after });
  }
  view.notify(path, { before: undefined, after });
  return OK_PAYLOAD;
}

interface NewNodes {
  readonly path: XsPath;
  readonly value: Uint8Array;
  /** The nearest node that exists, at this depth. */
  readonly ancestor: StoreNode;
  readonly depth: number;
  /** Of all new nodes. */
  readonly access: AccessList;
}

function ownsTooMany({ domains }: Core, { domain, view }: Caller, { path, depth }: NewNodes): boolean {
  return isOver(view.ownedNodes() + path.names.length - depth, domains.limit(domain, "nodes"));
}

function areSmallEnough(core: Core, caller: Caller, nodes: NewNodes): boolean {
  const limit = core.domains.limit(caller.domain, "node-size");
  if (limit === 0) return true;
  const { names } = nodes.path;
  const permissions = nodes.access.length;
  if (!hasRoomFor(core, caller, nodes.ancestor, (names[nodes.depth]?.length ?? 0) + 1)) return false;
  for (let depth = nodes.depth + 1; depth < names.length; depth += 1) {
    const nameBytes = (names[depth]?.length ?? 0) + 1;
    if (isOver(nodeSizeBytes({ valueBytes: 0, permissions, nameBytes }), limit)) return false;
  }
  return !isOver(nodeSizeBytes({ valueBytes: nodes.value.length, permissions, nameBytes: 0 }), limit);
}
