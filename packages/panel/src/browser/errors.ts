export type PanelErrorCode =
  /** The service answered with a fault; its own words. */
  | "REFUSED"
  /** The session is over. */
  | "SIGNED_OUT"
  /** There is no answer. */
  | "UNREACHABLE"
  /** There is one, and it is not what it should be. */
  | "BAD_ANSWER";

/** What went wrong between the panel and its service, in words for users. */
export class PanelError extends Error {
  override readonly name = "PanelError";
  readonly code: PanelErrorCode;
  /** Of HTTP; undefined without an answer. */
  readonly status: number | undefined;
  /** By which the service's log tells of it. */
  readonly requestId: string | undefined;

  constructor(
    code: PanelErrorCode,
    message: string,
    facts: {
      readonly status?: number;
      readonly requestId?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.requestId = facts.requestId;
  }
}

/** The words of any error. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it may be over in a moment, without anything that somebody does: then what was read is read again. */
export function isPassing(error: Error): boolean {
  if (!(error instanceof PanelError)) return false;
  const { code, status = 0 } = error;
  return code === "UNREACHABLE" || status === 429 || status >= 500;
}
