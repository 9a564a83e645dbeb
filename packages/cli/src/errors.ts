/**
 * `USAGE` the command line is wrong, `XENSTORE_UNREACHABLE` no connection to XenStore,
 * `BAD_ARGUMENT` a file or an input cannot be used, `INTERRUPTED` a signal ended it.
 */
export type CliErrorCode = "USAGE" | "XENSTORE_UNREACHABLE" | "BAD_ARGUMENT" | "INTERRUPTED";

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
