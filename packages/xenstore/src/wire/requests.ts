import { XenstoreError } from "../errors.ts";
import { MessageType, type MessageTypeName } from "./message-type.ts";
import { encodePermission, type Permission } from "./permissions.ts";
import { joinStrings } from "./strings.ts";
import { encodeUtf8 } from "./text.ts";

/** Takes one path and nothing else. */
export interface PathRequest {
  readonly type: "directory" | "read" | "getPermissions" | "makeDirectory" | "remove";
  readonly path: string;
}

export interface WriteRequest {
  readonly type: "write";
  readonly path: string;
  readonly value: Uint8Array;
}

export interface SetPermissionsRequest {
  readonly type: "setPermissions";
  readonly path: string;
  readonly permissions: readonly Permission[];
}

export interface DirectoryPartRequest {
  readonly type: "directoryPart";
  readonly path: string;
  /** Bytes of the child list to leave out. */
  readonly offset: number;
}

export interface WatchRequest {
  readonly type: "watch";
  readonly path: string;
  readonly token: string;
  /** How many levels below the path count; without it all do. */
  readonly depth?: number;
}

export interface UnwatchRequest {
  readonly type: "unwatch";
  readonly path: string;
  readonly token: string;
}

/** Takes nothing. */
export interface PlainRequest {
  readonly type: "transactionStart" | "resetWatches";
}

export interface TransactionEndRequest {
  readonly type: "transactionEnd";
  readonly commit: boolean;
}

/** Takes one domain and nothing else. */
export interface DomainRequest {
  readonly type: "release" | "getDomainPath" | "isDomainIntroduced" | "resume";
  readonly domid: number;
}

export interface IntroduceRequest {
  readonly type: "introduce";
  readonly domid: number;
  /** Guest frame of the ring page. */
  readonly gfn: number;
  /** Event channel of the domain. */
  readonly port: number;
}

export interface SetTargetRequest {
  readonly type: "setTarget";
  readonly domid: number;
  /** The domain whose rights `domid` gets besides its own. */
  readonly target: number;
}

/** Of the asking domain, or of another one. */
export interface GetFeatureRequest {
  readonly type: "getFeature";
  readonly domid?: number;
}

export interface SetFeatureRequest {
  readonly type: "setFeature";
  readonly domid: number;
  readonly features: number;
}

/** Without a quota: the names of all; without a domain: the value for domains that have none of their own. */
export interface GetQuotaRequest {
  readonly type: "getQuota";
  readonly domid?: number;
  readonly quota?: string;
}

export interface SetQuotaRequest {
  readonly type: "setQuota";
  readonly domid?: number;
  readonly quota: string;
  /** 0 means no limit. */
  readonly value: number;
}

export interface ControlRequest {
  readonly type: "control";
  /** The command and its parameters. */
  readonly arguments: readonly string[];
}

/** A request by its meaning (xenstore.txt, "XENSTORE PROTOCOL"). */
export type Request =
  | PathRequest
  | WriteRequest
  | SetPermissionsRequest
  | DirectoryPartRequest
  | WatchRequest
  | UnwatchRequest
  | PlainRequest
  | TransactionEndRequest
  | DomainRequest
  | IntroduceRequest
  | SetTargetRequest
  | GetFeatureRequest
  | SetFeatureRequest
  | GetQuotaRequest
  | SetQuotaRequest
  | ControlRequest;

const noBytes = new Uint8Array(0);

/** The message type's number of a request. */
export function requestType(request: Request): number {
  return MessageType[request.type satisfies MessageTypeName];
}

/**
 * The payload of a request. Paths and tokens are ASCII by rule; other characters go out as UTF-8 and
 * are the server's to refuse. Throws EINVAL when a text holds a nul, which would end it early.
 */
export function encodeRequest(request: Request): Uint8Array {
  switch (request.type) {
    case "write":
      return encodeWrite(request);
    case "setPermissions":
      return encodeStrings([request.path, ...request.permissions.map(encodePermission)]);
    case "getQuota":
    case "setQuota":
      return encodeQuota(request);
    case "getFeature":
      return request.domid === undefined ? noBytes : encodeStrings([String(request.domid)]);
    // xenstore.txt wants one empty string here.
    case "transactionStart":
    case "resetWatches":
      return encodeStrings([""]);
    default:
      return encodeStrings(requestStrings(request));
  }
}

type TextRequest = Exclude<
  Request,
  WriteRequest | SetPermissionsRequest | GetFeatureRequest | GetQuotaRequest | SetQuotaRequest | PlainRequest
>;

function requestStrings(request: TextRequest): readonly string[] {
  switch (request.type) {
    case "control":
      return request.arguments;
    case "watch":
      return [request.path, request.token, ...(request.depth === undefined ? [] : [String(request.depth)])];
    case "unwatch":
      return [request.path, request.token];
    case "directoryPart":
      return [request.path, String(request.offset)];
    case "transactionEnd":
      return [request.commit ? "T" : "F"];
    case "introduce":
      return [String(request.domid), String(request.gfn), String(request.port)];
    case "setTarget":
      return [String(request.domid), String(request.target)];
    case "setFeature":
      return [String(request.domid), String(request.features)];
    case "release":
    case "getDomainPath":
    case "isDomainIntroduced":
    case "resume":
      return [String(request.domid)];
    default:
      return [request.path];
  }
}

function encodeQuota(request: GetQuotaRequest | SetQuotaRequest): Uint8Array {
  const strings = request.domid === undefined ? [] : [String(request.domid)];
  if (request.quota !== undefined) strings.push(request.quota);
  if (request.type === "setQuota") strings.push(String(request.value));
  return encodeStrings(strings);
}

function encodeWrite(request: WriteRequest): Uint8Array {
  const path = encodeStrings([request.path]);
  const payload = new Uint8Array(path.length + request.value.length);
  payload.set(path);
  payload.set(request.value, path.length);
  return payload;
}

function encodeStrings(strings: readonly string[]): Uint8Array {
  for (const string of strings) {
    if (string.includes("\0")) {
      throw new XenstoreError("EINVAL", `Cannot send ${JSON.stringify(string)}: it holds a nul`);
    }
  }
  return encodeUtf8(joinStrings(strings));
}
