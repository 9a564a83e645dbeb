import { SystemError } from "../errors.ts";
import { describeErrno } from "./errno.ts";

/** Runs `body` and turns what a host throws into a SystemError: `Cannot read "/x": permission denied`. */
export function attempt<Result>(action: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw asSystemError(action, error);
  }
}

/** A SystemError of what a host threw; an error that is none of the operating system's stays what it is. */
export function asSystemError(action: string, error: unknown): unknown {
  const code = errnoOf(error);
  return code === undefined
    ? error
    : new SystemError(code, `${action}: ${describeErrno(code)}`, { cause: error });
}

/** The errno's name of what a host threw, EINVAL for an argument that Node did not even pass on. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (error.code === "ERR_INVALID_ARG_VALUE") return "EINVAL";
  return /^E(?!RR_)[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}
