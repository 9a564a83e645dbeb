import type { WireErrorName } from "../../errors.ts";
import { PAYLOAD_MAX_BYTES } from "../../limits.ts";
import { encodePermissions, encodeTexts, OK_PAYLOAD } from "../../wire/replies.ts";
import type {
  DirectoryPartRequest,
  PathRequest,
  SetPermissionsRequest,
  WriteRequest,
} from "../../wire/requests.ts";
import { joinStrings } from "../../wire/strings.ts";
import { encodeLatin1 } from "../../wire/text.ts";
import { isOver } from "../domain/quotas.ts";
import { OWNER, READ, rightsOf, toAccessList, toPermissions, WRITE, NO_INCARNATION } from "../tree/access.ts";
import { type StoreNode, withAccess, withValue } from "../tree/node.ts";
import { isSpecialPath, parsePath, type XsPath } from "../tree/path.ts";
import type { Answer, Caller, Core } from "./core.ts";
import { createNode, hasRoomFor } from "./create-node.ts";

const noBytes = new Uint8Array(0);

/** Answers a request that names one node and nothing else. */
export function answerPathRequest(core: Core, caller: Caller, request: PathRequest): Answer {
  if (request.type === "getPermissions" && isSpecialPath(request.path)) {
    return getSpecialPermissions(core, caller, request.path);
  }
  const path = pathOf(core, caller, request.path);
  if (path === undefined) return "EINVAL";
  switch (request.type) {
    case "read":
      return read(caller, path);
    case "directory":
      return directory(caller, path);
    case "makeDirectory":
      return makeDirectory(core, caller, path);
    case "remove":
      return remove(caller, path);
    default:
      return getPermissions(core, caller, path);
  }
}

function pathOf(core: Core, caller: Caller, text: string): XsPath | undefined {
  return parsePath(text, caller.domain.domid, core.domains.limit(caller.domain, "path-max"));
}

/**
 * The node, when the caller has these rights on it. A missing one is ENOENT only for those who would
 * have one of the rights on its nearest ancestor, so that nobody learns what exists from the error.
 */
function accessNode({ view, domain }: Caller, path: XsPath, rights: number): StoreNode | WireErrorName {
  const node = view.find(path.names, path.names.length);
  if (node !== undefined) return (rightsOf(node.access, domain) & rights) === rights ? node : "EACCES";
  for (let depth = path.names.length - 1; depth >= 0; depth -= 1) {
    const ancestor = view.find(path.names, depth);
    if (ancestor === undefined) continue;
    return (rightsOf(ancestor.access, domain) & rights) === 0 ? "EACCES" : "ENOENT";
  }
  return "ENOENT";
}

function read(caller: Caller, path: XsPath): Answer {
  const node = accessNode(caller, path, READ);
  return typeof node === "string" ? node : node.value;
}

function directory(caller: Caller, path: XsPath): Answer {
  const node = accessNode(caller, path, READ);
  if (typeof node === "string") return node;
  if (node.children.nameBytes > PAYLOAD_MAX_BYTES) return "E2BIG";
  return encodeTexts(node.children.names());
}

/** Sets a value; makes the node, and its parents, when missing (xenstore.txt, "WRITE"). */
export function write(core: Core, caller: Caller, request: WriteRequest): Answer {
  const path = pathOf(core, caller, request.path);
  if (path === undefined) return "EINVAL";
  const before = accessNode(caller, path, WRITE);
  // The request's bytes are on loan from the connection.
  const value = request.value.length === 0 ? noBytes : new Uint8Array(request.value);
  if (before === "ENOENT") return createNode(core, caller, { path, value });
  if (typeof before === "string") return before;
  const after = withValue(before, value, caller.view.stamp());
  return replace(core, caller, { path, before, after });
}

interface Replacement {
  readonly path: XsPath;
  readonly before: StoreNode;
  readonly after: StoreNode;
}

function replace(core: Core, caller: Caller, { path, before, after }: Replacement): Answer {
  if (!hasRoomFor(core, caller, after)) {
    caller.view.fail();
    return "ENOSPC";
  }
  caller.view.change({ names: path.names, depth: path.names.length }, { before, after });
  caller.view.notify(path, { before, after });
  return OK_PAYLOAD;
}

/** Leaves an existing node as it is, if the caller may write it (xenstore.txt, "MKDIR"). */
function makeDirectory(core: Core, caller: Caller, path: XsPath): Answer {
  const node = accessNode(caller, path, WRITE);
  if (node === "ENOENT") return createNode(core, caller, { path, value: noBytes });
  return typeof node === "string" ? node : OK_PAYLOAD;
}

/** A missing node is removed already, but its parent must be there (xenstore.txt, "RM"). */
function remove(caller: Caller, path: XsPath): Answer {
  const { view } = caller;
  const depth = path.names.length;
  const before = accessNode(caller, path, WRITE);
  if (before === "ENOENT") return view.find(path.names, depth - 1) === undefined ? "ENOENT" : OK_PAYLOAD;
  if (typeof before === "string") return before;
  if (depth === 0) return "EINVAL";
  view.change({ names: path.names, depth }, { before, after: undefined });
  view.notify(path, { before, after: undefined });
  return OK_PAYLOAD;
}

/** For the owner and dom0; the owner itself only dom0 may change (xenstore.txt, "SET_PERMS"). */
export function setPermissions(core: Core, caller: Caller, request: SetPermissionsRequest): Answer {
  const { domains, specialAccess } = core;
  const limit = domains.limit(caller.domain, "node-permissions");
  if (isOver(request.permissions.length, limit)) return "ENOSPC";
  const access = toAccessList(request.permissions, (domid) => domains.incarnationOf(domid));
  if (access === undefined) return "EINVAL";
  if (access[0].incarnation === NO_INCARNATION) return "ENOENT";
  if (isSpecialPath(request.path)) {
    const old = specialAccess.get(request.path);
    if (old === undefined) return "EINVAL";
    if ((rightsOf(old, caller.domain) & OWNER) === 0) return "EACCES";
    specialAccess.set(request.path, access);
    return OK_PAYLOAD;
  }
  const path = pathOf(core, caller, request.path);
  if (path === undefined) return "EINVAL";
  const before = accessNode(caller, path, WRITE | OWNER);
  if (typeof before === "string") return before;
  if (!caller.domain.isPrivileged && before.access[0].domid !== access[0].domid) return "EPERM";
  const after = withAccess(before, access, caller.view.stamp());
  return replace(core, caller, { path, before, after });
}

function getPermissions(core: Core, caller: Caller, path: XsPath): Answer {
  const node = accessNode(caller, path, READ);
  if (typeof node === "string") return node;
  return encodePermissions(toPermissions(node.access, (domid) => core.domains.incarnationOf(domid)));
}

function getSpecialPermissions(core: Core, caller: Caller, name: string): Answer {
  const access = core.specialAccess.get(name);
  if (access === undefined) return "EINVAL";
  if ((rightsOf(access, caller.domain) & READ) === 0) return "EACCES";
  return encodePermissions(toPermissions(access, (domid) => core.domains.incarnationOf(domid)));
}

/**
 * As many whole names behind the offset as fit, with the node's generation in front; an empty name says
 * that the end is reached (xenstore.txt, "DIRECTORY_PART").
 */
export function directoryPart(core: Core, caller: Caller, request: DirectoryPartRequest): Answer {
  const path = pathOf(core, caller, request.path);
  if (path === undefined) return "EINVAL";
  const node = accessNode(caller, path, READ);
  if (typeof node === "string") return node;
  const generation = `${node.generation}\0`;
  const list = joinStrings(node.children.names());
  const room = PAYLOAD_MAX_BYTES - generation.length - 1;
  const rest = list.slice(request.offset, request.offset + room);
  const isLast = request.offset + rest.length >= list.length;
  const names = isLast ? `${rest}\0` : rest.slice(0, rest.lastIndexOf("\0") + 1);
  return encodeLatin1(generation + names);
}
