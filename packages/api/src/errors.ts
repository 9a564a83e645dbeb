/**
 * What callers may rely on; `faults.ts` has the status of each.
 *
 * - `BAD_REQUEST`: the request is not what the route takes.
 * - `UNAUTHORIZED`: no token, or one that is not valid.
 * - `FORBIDDEN`: the token's roles do not allow it.
 * - `NOT_FOUND`: no such route, or what it names is not there or belongs to somebody else.
 * - `METHOD_NOT_ALLOWED`: the path takes other methods.
 * - `VERSION_UNSUPPORTED`: a microversion that is not offered.
 * - `CONFLICT`: the state of what it names does not allow it.
 * - `GONE`: it was offered once.
 * - `BODY_TOO_LARGE`: the body is larger than `BODY_MAX_BYTES`.
 * - `TOO_MANY_REQUESTS`: to be tried again after `retryAfterSeconds`.
 * - `NOT_IMPLEMENTED`: nothing here can do it.
 * - `UNAVAILABLE`: there is no room for it now.
 */
export type ApiErrorCode =
  | "BAD_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "VERSION_UNSUPPORTED"
  | "CONFLICT"
  | "GONE"
  | "BODY_TOO_LARGE"
  | "TOO_MANY_REQUESTS"
  | "NOT_IMPLEMENTED"
  | "UNAVAILABLE";

/** Facts that go with an error. */
export interface ApiErrorFacts {
  readonly retryAfterSeconds?: number;
  /** The methods that the path takes, of `METHOD_NOT_ALLOWED`. */
  readonly allowed?: readonly string[];
  readonly cause?: unknown;
}

/** The one error of this package. Its message reaches the user: it never holds a secret. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  readonly facts: ApiErrorFacts;

  constructor(code: ApiErrorCode, message: string, facts: ApiErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}
