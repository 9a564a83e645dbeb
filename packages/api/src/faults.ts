import { HostError, type HostErrorCode } from "@nova-agent/host";
import { ApiError, type ApiErrorCode } from "./errors.ts";

/** What a client is answered when something fails. */
export interface Fault {
  /** Of HTTP. */
  readonly status: number;
  /** Nova's name of it. */
  readonly name: FaultName;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly allowed?: readonly string[] | undefined;
}

/** Nova's names of faults (nova, api/openstack/wsgi.py, `Fault`). */
export type FaultName =
  | "badRequest"
  | "unauthorized"
  | "forbidden"
  | "itemNotFound"
  | "badMethod"
  | "conflictingRequest"
  | "overLimit"
  | "notImplemented"
  | "serviceUnavailable"
  | "computeFault";

/** Whose JSON a service's faults are in. */
export type FaultStyle = "compute" | "identity" | "network";

/** The one table: what each error is to a client. */
const faultOf: Readonly<Record<HostErrorCode | ApiErrorCode, readonly [status: number, name: FaultName]>> = {
  BAD_REQUEST: [400, "badRequest"],
  UNAUTHORIZED: [401, "unauthorized"],
  FORBIDDEN: [403, "forbidden"],
  NOT_FOUND: [404, "itemNotFound"],
  METHOD_NOT_ALLOWED: [405, "badMethod"],
  VERSION_UNSUPPORTED: [406, "computeFault"],
  CONFLICT: [409, "conflictingRequest"],
  GONE: [410, "computeFault"],
  BODY_TOO_LARGE: [413, "overLimit"],
  TOO_MANY_REQUESTS: [429, "overLimit"],
  NOT_IMPLEMENTED: [501, "notImplemented"],
  UNAVAILABLE: [503, "serviceUnavailable"],

  BAD_ARGUMENT: [400, "badRequest"],
  NO_SUCH_INSTANCE: [404, "itemNotFound"],
  NO_SUCH_PORT: [404, "itemNotFound"],
  WRONG_STATE: [409, "conflictingRequest"],
  ADDRESS_TAKEN: [409, "conflictingRequest"],
  ALREADY_EXISTS: [409, "conflictingRequest"],
  NO_ADDRESS_LEFT: [409, "conflictingRequest"],
  TOO_LARGE: [413, "overLimit"],
  // The guest did not do it: the user is told its own reason.
  NO_SUCH_DOMAIN: [409, "conflictingRequest"],
  AMBIGUOUS_NAME: [409, "conflictingRequest"],
  GUEST_NO_DATA: [409, "conflictingRequest"],
  GUEST_TIMEOUT: [409, "conflictingRequest"],
  GUEST_GONE: [409, "conflictingRequest"],
  OUTCOME_UNKNOWN: [409, "conflictingRequest"],
  GUEST_REFUSED: [409, "conflictingRequest"],
  GUEST_BAD_REPLY: [409, "conflictingRequest"],
  GUEST_UNSUPPORTED: [409, "conflictingRequest"],
  GUEST_BUSY: [409, "conflictingRequest"],
  // The host could not do it: its reason is for the log.
  CANCELLED: [503, "serviceUnavailable"],
  DATABASE_BUSY: [503, "serviceUnavailable"],
  DATABASE_NOT_EMPTY: [500, "computeFault"],
  BACKUP_UNUSABLE: [500, "computeFault"],
  DATABASE_FAILED: [500, "computeFault"],
  SEAL_BROKEN: [500, "computeFault"],
  TOOLSTACK_FAILED: [500, "computeFault"],
  XENSTORE_FAILED: [500, "computeFault"],
};

/** The fault of an error. One of the host's own, from 500 on, tells nothing but where its reason is found. */
export function toFault(error: unknown, requestId: string): Fault {
  const [status, name]: readonly [number, FaultName] =
    error instanceof ApiError || error instanceof HostError ? faultOf[error.code] : [500, "computeFault"];
  if (error instanceof ApiError) {
    const { retryAfterSeconds, allowed } = error.facts;
    return { status, name, message: error.message, retryAfterSeconds, allowed };
  }
  if (status < 500 && error instanceof Error) return { status, name, message: error.message };
  return { status, name, message: `The host failed; its log has the reason under ${requestId}` };
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** Neutron's own names (neutron-lib, exceptions), as far as its clients tell them apart. */
const neutronTypes: Readonly<Record<number, string>> = {
  400: "HTTPBadRequest",
  401: "HTTPUnauthorized",
  403: "PolicyNotAuthorized",
  404: "HTTPNotFound",
  409: "Conflict",
  501: "HTTPNotImplemented",
};

const encoders: Readonly<Record<FaultStyle, (fault: Fault) => object>> = {
  compute: ({ status, name, message, retryAfterSeconds }) => {
    const again = retryAfterSeconds === undefined ? {} : { retryAfter: String(retryAfterSeconds) };
    return { [name]: { code: status, message, ...again } };
  },
  identity: ({ status, message }) => ({ error: { code: status, title: titles[status] ?? "Error", message } }),
  network: ({ status, message }) => ({
    NeutronError: { type: neutronTypes[status] ?? "HTTPInternalServerError", message, detail: "" },
  }),
};

/** The body of a fault in the JSON of its service. */
export function encodeFault(fault: Fault, style: FaultStyle): object {
  return encoders[style](fault);
}
