/**
 * The error names that XenStore servers send (xs_wire.h, xsd_errors), with EQUOTA, which oxenstored
 * sends although the header does not list it.
 */
export const WIRE_ERROR_NAMES = [
  "EINVAL",
  "EACCES",
  "EEXIST",
  "EISDIR",
  "ENOENT",
  "ENOMEM",
  "ENOSPC",
  "EIO",
  "ENOTEMPTY",
  "ENOSYS",
  "EROFS",
  "EBUSY",
  "EAGAIN",
  "EISCONN",
  "E2BIG",
  "EPERM",
  "EQUOTA",
] as const;

/** An error name that travels on the wire. */
export type WireErrorName = (typeof WIRE_ERROR_NAMES)[number];

/**
 * What callers may rely on: a wire error name, or one of this library's own:
 * `ECLOSED` the client or its connection was closed, `ETIMEDOUT` a wait reached its limit,
 * `EPROTO` the peer sent bytes that are not XenStore's protocol.
 */
export type XenstoreErrorCode = WireErrorName | "ECLOSED" | "ETIMEDOUT" | "EPROTO";

/** The one error of this package. `code` is API, the message is not. */
export class XenstoreError extends Error {
  override readonly name = "XenstoreError";
  readonly code: XenstoreErrorCode;

  constructor(code: XenstoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const wireErrorNames: ReadonlySet<string> = new Set(WIRE_ERROR_NAMES);

/** Whether a text received in an ERROR packet is a name this library knows. */
export function isWireErrorName(name: string): name is WireErrorName {
  return wireErrorNames.has(name);
}
