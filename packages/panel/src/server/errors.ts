/**
 * What callers may rely on.
 *
 * - `NOT_BUILT`: the folder of the panel's files is not there, or is not whole.
 * - `BUILD_FAILED`: the panel cannot be put together; what was built before stays as it is.
 */
export type PanelErrorCode = "NOT_BUILT" | "BUILD_FAILED";

/** The one error of the panel's server. `code` is API, the message is not. */
export class PanelError extends Error {
  override readonly name = "PanelError";
  readonly code: PanelErrorCode;

  constructor(code: PanelErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
