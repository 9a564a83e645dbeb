import { HostError } from "../errors.ts";
import type { OperationEvent } from "../ledger/operation.ts";

const UNANSWERED = ", after one that was not answered";

/**
 * How the timeline tells of the request that matters. Whether the guest may have done what it was asked
 * before stands there too: after a crash nobody else knows.
 */
export function attemptText(attempt: {
  readonly command: string;
  readonly domid: number;
  readonly attempts: number;
  readonly wasUnanswered: boolean;
}): string {
  const { command, domid, attempts, wasUnanswered } = attempt;
  const again = attempts === 1 ? "" : `, attempt ${attempts}`;
  return `Sending "${command}" to domain ${domid}${again}${wasUnanswered ? UNANSWERED : ""}`;
}

/** Whether a timeline tells of an attempt after one that was not answered. */
export function tellsOfUnanswered(timeline: readonly OperationEvent[]): boolean {
  return timeline.some(({ state, text }) => state === "sent" && text.endsWith(UNANSWERED));
}

/** The end of an operation that was sent, and that failed by something which says nothing of that. */
export function uncertainError(cause: HostError): HostError {
  const text = `${cause.message}. It had been sent: whether it was carried out is not known`;
  return new HostError("OUTCOME_UNKNOWN", text, { ...cause.facts, cause });
}
