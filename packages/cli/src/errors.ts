/**
 * `USAGE` the command line is wrong, `XENSTORE_UNREACHABLE` no connection to XenStore,
 * `BAD_ARGUMENT` a file or an input cannot be used, `INTERRUPTED` a signal ended it.
 * Of the commands that ask the API: `NO_HTTP` this executable has none, `API_UNREACHABLE` nobody answers,
 * `API_NOT_FOUND` what was named is not there, `API_REFUSED` any other fault, `API_FAILED` what was begun
 * came to a bad end, `API_TIMEOUT` it did not come to an end in time.
 */
export type CliErrorCode =
  | "USAGE"
  | "XENSTORE_UNREACHABLE"
  | "BAD_ARGUMENT"
  | "INTERRUPTED"
  | "NO_HTTP"
  | "API_UNREACHABLE"
  | "API_NOT_FOUND"
  | "API_REFUSED"
  | "API_FAILED"
  | "API_TIMEOUT";

/** What guestctl itself cannot do; what a guest or XenStore cannot do has the errors of their packages. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What is wrong with a command line, with where to read what is right. */
export function usageError(message: string, options?: { readonly cause?: unknown }): CliError {
  return new CliError("USAGE", `${message}. "guestctl --help" shows the usage`, options);
}

/** A signal or a key came before anything was sent. */
export function interruptedError(options?: { readonly cause?: unknown }): CliError {
  return new CliError("INTERRUPTED", "Interrupted before anything was sent", options);
}
