import type { WireErrorName } from "../errors.ts";
import { MessageType } from "./message-type.ts";
import { parsePermission, type Permission } from "./permissions.ts";
import type { Request, SetPermissionsRequest, WatchRequest, WriteRequest } from "./requests.ts";
import { parseDecimal, splitStrings } from "./strings.ts";
import { decodeLatin1 } from "./text.ts";

/** Largest domain number that fits the hypervisor's domid_t. */
const DOMID_MAX = 0xffff;

/**
 * The request in a payload, or the error name to answer with: EINVAL when it is malformed, ENOSYS when
 * the type is none that a client sends. A write's value is a view of the payload. Never throws.
 */
export function parseRequest(type: number, payload: Uint8Array): Request | WireErrorName {
  switch (type) {
    case MessageType.read:
      return parsePath("read", payload);
    case MessageType.write:
      return parseWrite(payload);
    case MessageType.directory:
      return parsePath("directory", payload);
    case MessageType.getPermissions:
      return parsePath("getPermissions", payload);
    case MessageType.makeDirectory:
      return parsePath("makeDirectory", payload);
    case MessageType.remove:
      return parsePath("remove", payload);
    case MessageType.setPermissions:
      return parseSetPermissions(payload);
    // Whatever they carry is ignored.
    case MessageType.transactionStart:
      return { type: "transactionStart" };
    case MessageType.resetWatches:
      return { type: "resetWatches" };
    case MessageType.transactionEnd:
      return parseTransactionEnd(payload);
    case MessageType.getDomainPath:
      return parseDomain("getDomainPath", payload);
    case MessageType.release:
      return parseDomain("release", payload);
    case MessageType.isDomainIntroduced:
      return parseDomain("isDomainIntroduced", payload);
    case MessageType.resume:
      return parseDomain("resume", payload);
    default:
      return parseStrings(type, splitStrings(payload));
  }
}

function parseStrings(type: number, strings: readonly string[]): Request | WireErrorName {
  switch (type) {
    case MessageType.watch:
      return parseWatch(strings);
    case MessageType.unwatch:
      return parseUnwatch(strings);
    case MessageType.directoryPart:
      return parseDirectoryPart(strings);
    case MessageType.control:
      return strings.length === 0 ? "EINVAL" : { type: "control", arguments: strings };
    case MessageType.introduce:
      return parseIntroduce(strings);
    case MessageType.setTarget:
      return parseSetTarget(strings);
    case MessageType.getFeature:
      return parseGetFeature(strings);
    case MessageType.setFeature:
      return parseSetFeature(strings);
    case MessageType.getQuota:
      return parseGetQuota(strings);
    case MessageType.setQuota:
      return parseSetQuota(strings);
    default:
      return "ENOSYS";
  }
}

type OnePathType = "directory" | "read" | "getPermissions" | "makeDirectory" | "remove";

function parsePath(type: OnePathType, payload: Uint8Array): Request | WireErrorName {
  const path = parseOnly(payload);
  return path === undefined ? "EINVAL" : { type, path };
}

/** The text of a payload that is exactly one text with its nul. */
function parseOnly(payload: Uint8Array): string | undefined {
  const end = payload.length - 1;
  return end >= 0 && payload.indexOf(0) === end ? decodeLatin1(payload, 0, end) : undefined;
}

function parseWrite(payload: Uint8Array): WriteRequest | WireErrorName {
  const end = payload.indexOf(0);
  if (end < 0) return "EINVAL";
  return { type: "write", path: decodeLatin1(payload, 0, end), value: payload.subarray(end + 1) };
}

function parseSetPermissions(payload: Uint8Array): SetPermissionsRequest | WireErrorName {
  const [path, ...texts] = splitStrings(payload);
  if (path === undefined || texts.length === 0) return "EINVAL";
  const permissions: Permission[] = [];
  for (const text of texts) {
    const permission = parsePermission(text);
    if (permission === undefined) return "EINVAL";
    permissions.push(permission);
  }
  return { type: "setPermissions", path, permissions };
}

function parseTransactionEnd(payload: Uint8Array): Request | WireErrorName {
  const answer = parseOnly(payload);
  if (answer !== "T" && answer !== "F") return "EINVAL";
  return { type: "transactionEnd", commit: answer === "T" };
}

type OneDomainType = "release" | "getDomainPath" | "isDomainIntroduced" | "resume";

function parseDomain(type: OneDomainType, payload: Uint8Array): Request | WireErrorName {
  const domid = parseDomid(parseOnly(payload));
  return domid === undefined ? "EINVAL" : { type, domid };
}

function parseDomid(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDecimal(text, DOMID_MAX);
}

/** A third text is the depth, which C's atoi reads: what is no number counts as 0. */
function parseWatch(strings: readonly string[]): WatchRequest | WireErrorName {
  const [path, token, depthText] = strings;
  if (path === undefined || token === undefined || strings.length > 3) return "EINVAL";
  if (depthText === undefined) return { type: "watch", path, token };
  const depth = parseLeadingDecimal(depthText);
  return depth < 0 ? "EINVAL" : { type: "watch", path, token, depth };
}

function parseUnwatch(strings: readonly string[]): Request | WireErrorName {
  const [path, token] = strings;
  if (path === undefined || token === undefined || strings.length !== 2) return "EINVAL";
  return { type: "unwatch", path, token };
}

function parseDirectoryPart(strings: readonly string[]): Request | WireErrorName {
  const [path, offset] = strings;
  if (path === undefined || offset === undefined || strings.length !== 2) return "EINVAL";
  return { type: "directoryPart", path, offset: Math.max(parseLeadingDecimal(offset), 0) };
}

/** As atoi(3): the number in front, 0 when there is none. */
function parseLeadingDecimal(text: string): number {
  return Number(/^\s*[-+]?\d{1,15}/.exec(text)?.[0] ?? 0);
}

/** Texts behind the third are ignored. */
function parseIntroduce(strings: readonly string[]): Request | WireErrorName {
  const [domidText, gfnText = "", portText = ""] = strings;
  const domid = parseDomid(domidText);
  const gfn = parseDecimal(gfnText, Number.MAX_SAFE_INTEGER);
  const port = parseDecimal(portText, 0x7fffffff);
  if (domid === undefined || gfn === undefined || port === undefined || port === 0) return "EINVAL";
  return { type: "introduce", domid, gfn, port };
}

function parseSetTarget(strings: readonly string[]): Request | WireErrorName {
  const domid = parseDomid(strings[0]);
  const target = parseDomid(strings[1]);
  if (domid === undefined || target === undefined) return "EINVAL";
  return { type: "setTarget", domid, target };
}

function parseGetFeature(strings: readonly string[]): Request | WireErrorName {
  if (strings.length === 0) return { type: "getFeature" };
  const domid = parseDomid(strings[0]);
  return domid === undefined || strings.length > 1 ? "EINVAL" : { type: "getFeature", domid };
}

function parseSetFeature(strings: readonly string[]): Request | WireErrorName {
  const domid = parseDomid(strings[0]);
  const features = parseDecimal(strings[1] ?? "", 0xffffffff);
  if (domid === undefined || features === undefined || strings.length !== 2) return "EINVAL";
  return { type: "setFeature", domid, features };
}

function parseGetQuota(strings: readonly string[]): Request | WireErrorName {
  const [first, second] = strings;
  if (first === undefined) return { type: "getQuota" };
  if (second === undefined) return { type: "getQuota", quota: first };
  const domid = parseDomid(first);
  return domid === undefined || strings.length > 2 ? "EINVAL" : { type: "getQuota", domid, quota: second };
}

function parseSetQuota(strings: readonly string[]): Request | WireErrorName {
  const value = parseDecimal(strings.at(-1) ?? "", 0x7fffffff);
  const quota = strings.at(-2);
  if (value === undefined || quota === undefined || strings.length > 3) return "EINVAL";
  if (strings.length === 2) return { type: "setQuota", quota, value };
  const domid = parseDomid(strings[0]);
  return domid === undefined ? "EINVAL" : { type: "setQuota", domid, quota, value };
}
