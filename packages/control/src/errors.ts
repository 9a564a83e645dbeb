/**
 * What callers may rely on.
 *
 * - `USAGE`: the command line is wrong.
 * - `DIRECTORY_NOT_MADE`: the run directory cannot be created.
 * - `DIRECTORY_UNSAFE`: the run directory is not ours alone.
 * - `DIRECTORY_NOT_OURS`: the run directory holds something else.
 * - `DIRECTORY_BUSY`: another instance runs in it.
 * - `DIRECTORY_TOO_LONG`: a unix socket in it would have too long a path.
 * - `DATA_NOT_OPENED`: the directory for data, or the database in it, cannot be used.
 * - `API_NOT_STARTED`: the API cannot listen where it was told to.
 * - `GUEST_NOT_STARTED`: the demo guest could not be built, or its agent does not answer.
 * - `BAD_CONFIGURATION`: the service's configuration file cannot be read, or a setting in it is wrong.
 * - `PANEL_NOT_BUILT`: the panel's files are not there.
 * - `SERVICE_NOT_STARTED`: something that the service stands on is not there or refuses it.
 * - `COMMAND_FAILED`: a command of the service could not be carried out; nothing was changed.
 */
export type ControlErrorCode =
  | "USAGE"
  | "DIRECTORY_NOT_MADE"
  | "DIRECTORY_UNSAFE"
  | "DIRECTORY_NOT_OURS"
  | "DIRECTORY_BUSY"
  | "DIRECTORY_TOO_LONG"
  | "DATA_NOT_OPENED"
  | "API_NOT_STARTED"
  | "GUEST_NOT_STARTED"
  | "BAD_CONFIGURATION"
  | "PANEL_NOT_BUILT"
  | "SERVICE_NOT_STARTED"
  | "COMMAND_FAILED";

/** Why the control service cannot run, and what to do about it. `code` is API, the texts are not. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code: ControlErrorCode;
  /** A sentence that says what helps. */
  readonly wayOut: string;

  constructor(
    code: ControlErrorCode,
    message: string,
    options: { readonly wayOut: string; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.wayOut = options.wayOut;
  }
}

/** The lines that tell the operator of an error. */
export function renderError(error: unknown): string {
  if (error instanceof ControlError) return `Error ${error.code}: ${error.message}\n  ${error.wayOut}\n`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Error: ${text}\n`;
}
