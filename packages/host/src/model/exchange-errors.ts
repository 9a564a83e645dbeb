import { XenstoreError } from "@nova-agent/xenstore";
import { HostError, type HostErrorFacts } from "../errors.ts";
import { commandRule } from "./command-rule.ts";
import { OXENSTORED_VALUE_MAX_BYTES } from "../limits.ts";

/** The facts that the errors of one exchange name. */
export interface ExchangeFacts {
  readonly domid: number;
  readonly command: string;
}

/** How an exchange stands when it ends without an answer. */
export interface Standing extends ExchangeFacts {
  /** Where the guest is, or was last; `domid` is where it was when the exchange began. */
  readonly currentDomid: number;
  readonly timeoutMs: number;
  /** Whether the request was written at some domid. */
  readonly wasSent: boolean;
  /** Whether the guest was seen to remove the request: it may still act on it. */
  readonly wasTaken: boolean;
  /** Whether the request was written at another domid only, and is gone with that domain. */
  readonly isLost: boolean;
  readonly isCancelled: boolean;
  /** Whether an earlier exchange, which broke off, wrote the request. */
  readonly isResumed: boolean;
}

/** Nobody waits for the answer any more: the caller gave up, or the limit is over. */
export function giveUpError(standing: Standing): HostError {
  if (standing.isCancelled) return cancelledError(standing);
  const isUnknown = standing.isLost && !commandRule(standing.command).mayRepeat;
  return isUnknown ? outcomeUnknownError(standing) : timeoutError(standing);
}

function timeoutError(standing: Standing): HostError {
  const advice = standing.wasTaken
    ? "It may still carry it out: ask again later, or allow more time"
    : "The request is withdrawn, but an agent that had begun it may finish it. " +
      "Check that nova-agent runs in the guest, or allow more time";
  return new HostError("GUEST_TIMEOUT", `${silenceText(standing)}. ${advice}`, factsOf(standing));
}

/** Who did not answer: an agent that took the request, or none at all. */
export function silenceText(
  standing: Pick<Standing, "domid" | "currentDomid" | "command" | "timeoutMs" | "wasTaken">,
): string {
  const { domid, currentDomid, command, timeoutMs, wasTaken } = standing;
  const hasMoved = domid !== currentDomid;
  const limit = `within ${seconds(timeoutMs)}`;
  if (wasTaken) {
    const agent = hasMoved ? `${journey(standing)}, and its agent` : `The agent of domain ${domid}`;
    return `${agent} took "${command}" but did not answer ${limit}`;
  }
  return hasMoved
    ? `${journey(standing)}, where no agent answered "${command}" ${limit}`
    : `No agent answered "${command}" in domain ${domid} ${limit}`;
}

function cancelledError(standing: Standing): HostError {
  const { command, currentDomid, wasSent, wasTaken, isLost } = standing;
  if (!wasSent) return cancelledBeforeError(currentDomid);
  const state = wasTaken
    ? "the guest had taken the request and may still carry it out"
    : isLost
      ? "its domain went away with the request, and whether it was carried out is not known"
      : "the request is withdrawn";
  const text = `Cancelled "${command}" for domain ${currentDomid}: ${state}`;
  return new HostError("CANCELLED", text, factsOf(standing));
}

/** The caller gave up while nothing had been sent yet. */
export function cancelledBeforeError(domid: number): HostError {
  return new HostError("CANCELLED", `Cancelled before anything was sent to domain ${domid}`, { domid });
}

/** The domain ended, and its guest was not found under another domid before the wait was over. */
export function goneError(standing: Standing & { readonly awayMs: number }): HostError {
  if (standing.isCancelled) return cancelledError(standing);
  const { command, currentDomid, wasSent, wasTaken, awayMs } = standing;
  const event = wasSent ? "answered" : "was asked";
  const fate = wasTaken
    ? "The guest had taken the request: whether it was carried out is not known"
    : wasSent
      ? "The request went with it, unless the guest had just taken it"
      : "Nothing was sent";
  const text =
    `Domain ${currentDomid} went away before it ${event} "${command}", and was not back after ${seconds(awayMs)}. ` +
    `${fate}. A guest that is restored or rebooted comes back with another domid: ask for it by name once it runs`;
  return new HostError("GUEST_GONE", text, { ...factsOf(standing), awayMs });
}

/** The guest moved with a request that may not be repeated, and did not answer at its new domid. */
function outcomeUnknownError(standing: Standing): HostError {
  const isBroken = standing.isResumed && standing.domid === standing.currentDomid;
  const event = isBroken ? `The exchange with domain ${standing.domid} broke off` : journey(standing);
  const text =
    `${event} before it answered "${standing.command}": ` +
    `whether it was carried out is not known. ${whatToDo(standing.command)}`;
  return new HostError("OUTCOME_UNKNOWN", text, factsOf(standing));
}

/** The guest moved, and the caller wants to be told at once: OUTCOME_UNKNOWN, or GUEST_GONE when nothing was sent. */
export function movedError(standing: Standing): HostError {
  if (standing.wasSent) return outcomeUnknownError(standing);
  const text = `${journey(standing)} before it was asked "${standing.command}". Nothing was sent`;
  return new HostError("GUEST_GONE", text, factsOf(standing));
}

/** A password was sent and not answered, and `again` is why it could not be set afterwards. */
export function passwordUnknownError(again: HostError): HostError {
  // Whoever gave up is told so all the same.
  const code = again.code === "CANCELLED" ? "CANCELLED" : "OUTCOME_UNKNOWN";
  const text = `${again.message}. Whether the password that was sent before is set is not known`;
  return new HostError(code, text, { ...again.facts, command: "password", cause: again });
}

/** What happened to the guest: `Domain 3 became domain 5`. */
function journey({ domid, currentDomid }: Pick<Standing, "domid" | "currentDomid">): string {
  return domid === currentDomid
    ? `Domain ${domid} went away and came back`
    : `Domain ${domid} became domain ${currentDomid}`;
}

function whatToDo(command: string): string {
  switch (command) {
    case "password":
      return "Set the password again";
    case "agentupdate":
      return "Ask for the version";
    default:
      return "Look in the guest before you ask again";
  }
}

function factsOf({ domid, currentDomid, command, wasTaken }: Standing): HostErrorFacts {
  const hasMoved = currentDomid !== domid;
  return { domid, command, wasTaken, ...(hasMoved ? { newDomid: currentDomid } : {}) };
}

function seconds(ms: number): string {
  return `${Math.round(ms) / 1000} s`;
}

/** The guest answered that it could not do it. */
export function refusedError(
  facts: ExchangeFacts & { readonly returncode: string; readonly message: string },
): HostError {
  const { domid, command, returncode, message } = facts;
  const words = message === "" ? "its agent gave no reason" : message;
  const text = `Domain ${domid} refused "${command}": ${words} (code ${returncode})`;
  return new HostError("GUEST_REFUSED", text, { domid, command, returncode });
}

// What the servers say when a value is over their limits: E2BIG xenstored, EQUOTA oxenstored, ENOSPC either.
const sizeCodes: ReadonlySet<string> = new Set(["E2BIG", "EQUOTA", "ENOSPC"]);

/** The error for a request that XenStore did not take. */
export function writeError(error: unknown, facts: ExchangeFacts & { readonly bytes: number }): unknown {
  if (!(error instanceof XenstoreError && sizeCodes.has(error.code))) return error;
  const { domid, command, bytes } = facts;
  const message =
    `XenStore refused request "${command}" for domain ${domid}, ${bytes} bytes, with ${error.code}. ` +
    `oxenstored takes ${OXENSTORED_VALUE_MAX_BYTES} bytes a value unless its quota-maxsize says otherwise. ` +
    `Send less`;
  return new HostError("TOO_LARGE", message, { domid, command, cause: error });
}

/** XenStore's own failure as this package's error; every other error as it is. */
export function translateXenstoreError(
  error: unknown,
  facts: { readonly domid: number; readonly command?: string },
): unknown {
  if (!(error instanceof XenstoreError)) return error;
  const { domid, command } = facts;
  const what = command === undefined ? `with domain ${domid}` : `during "${command}" for domain ${domid}`;
  const message = `XenStore failed ${what}: ${error.message} (${error.code})`;
  return new HostError("XENSTORE_FAILED", message, { ...facts, cause: error });
}
