/**
 * What callers may rely on.
 *
 * - `DEMO_PROGRAM_FAILED`: a program of the set-up could not be run or did not succeed.
 * - `DEMO_NAMESPACES_UNAVAILABLE`: this machine does not let the guest have namespaces of its own.
 * - `DEMO_AGENT_ENDED`: the agent ended by itself, or could not be started.
 * - `DEMO_STOP_TIMEOUT`: the guest did not shut down within the time.
 * - `DEMO_CLOSED`: the guest was closed meanwhile.
 */
export type DemoErrorCode =
  | "DEMO_PROGRAM_FAILED"
  | "DEMO_NAMESPACES_UNAVAILABLE"
  | "DEMO_AGENT_ENDED"
  | "DEMO_STOP_TIMEOUT"
  | "DEMO_CLOSED";

/** The demo guest could not be built or died. `code` is API, the message is not. */
export class DemoError extends Error {
  override readonly name = "DemoError";
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
