import { isWireErrorName, WIRE_ERROR_NAMES, type WireErrorName } from "../errors.ts";
import { encodePermission, parsePermission, type Permission } from "./permissions.ts";
import { joinStrings, splitStrings } from "./strings.ts";
import { decodeLatin1, encodeLatin1 } from "./text.ts";

/** What a watch tells: the path that changed, as seen from the watch, and the watch's token. */
export interface WatchNotice {
  readonly path: string;
  readonly token: string;
}

/** One part of a long child list (xenstore.txt, "DIRECTORY_PART"). */
export interface DirectoryPart {
  /** Generation of the node, decimal; another one than before means: begin again at offset 0. */
  readonly generation: string;
  /** Whole names, in the server's order. */
  readonly names: readonly string[];
  readonly isLast: boolean;
}

/** Payload of a reply that has nothing to tell but success: `OK`. */
export const OK_PAYLOAD: Uint8Array = encodeLatin1("OK\0");

const errorPayloads: ReadonlyMap<WireErrorName, Uint8Array> = new Map(
  WIRE_ERROR_NAMES.map((name) => [name, encodeLatin1(`${name}\0`)]),
);

/** Payload of an ERROR packet. */
export function errorPayload(name: WireErrorName): Uint8Array {
  return errorPayloads.get(name) ?? encodeLatin1(`${name}\0`);
}

/** Payload of a reply made of texts, each ended by a nul: child lists, numbers, control's text. */
export function encodeTexts(texts: readonly string[]): Uint8Array {
  return encodeLatin1(joinStrings(texts));
}

/** Payload of GET_PERMS' reply. */
export function encodePermissions(permissions: readonly Permission[]): Uint8Array {
  return encodeTexts(permissions.map(encodePermission));
}

/** The permissions in GET_PERMS' reply, or undefined when it is malformed. */
export function parsePermissions(payload: Uint8Array): Permission[] | undefined {
  const permissions: Permission[] = [];
  for (const text of splitStrings(payload)) {
    const permission = parsePermission(text);
    if (permission === undefined) return undefined;
    permissions.push(permission);
  }
  return permissions.length === 0 ? undefined : permissions;
}

/** Payload of WATCH_EVENT. */
export function encodeWatchEvent(event: WatchNotice): Uint8Array {
  return encodeLatin1(`${event.path}\0${event.token}\0`);
}

/** The event in a WATCH_EVENT, or undefined when it is malformed. */
export function parseWatchEvent(payload: Uint8Array): WatchNotice | undefined {
  const [path, token] = splitStrings(payload);
  return path === undefined || token === undefined ? undefined : { path, token };
}

/** The error name in an ERROR packet; a name this library does not know is EINVAL, as for libxenstore. */
export function parseErrorName(payload: Uint8Array): WireErrorName {
  const [name = ""] = splitStrings(payload);
  return isWireErrorName(name) ? name : "EINVAL";
}

/** Payload of DIRECTORY_PART's reply: the last part ends with one empty name. */
export function encodeDirectoryPart(part: DirectoryPart): Uint8Array {
  return encodeTexts([part.generation, ...part.names, ...(part.isLast ? [""] : [])]);
}

/** The part in DIRECTORY_PART's reply, or undefined when it is malformed. */
export function parseDirectoryPart(payload: Uint8Array): DirectoryPart | undefined {
  const [generation, ...names] = splitStrings(payload);
  if (generation === undefined || !/^\d+$/.test(generation)) return undefined;
  const isLast = names.at(-1) === "";
  return { generation, names: isLast ? names.slice(0, -1) : names, isLast };
}

/** The one text of a reply such as `OK`, a transaction's id or a domain's path. */
export function parseText(payload: Uint8Array): string {
  return decodeLatin1(payload, 0, payload.at(-1) === 0 ? payload.length - 1 : payload.length);
}
