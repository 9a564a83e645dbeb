import { XenstoreError } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import { OXENSTORED_VALUE_MAX_BYTES } from "../limits.ts";

/** The facts that the errors of one exchange name. */
export interface ExchangeFacts {
  readonly domid: number;
  readonly command: string;
}

/** The guest did not answer within the limit. */
export function timeoutError(
  facts: ExchangeFacts & { readonly timeoutMs: number; readonly wasTaken: boolean },
): HostError {
  const { domid, command, wasTaken } = facts;
  const wait = `Domain ${domid} did not answer "${command}" within ${facts.timeoutMs / 1000} s`;
  const reason = wasTaken
    ? "The guest had taken the request and may still carry it out: ask again later, or allow more time"
    : "The request is withdrawn. Check that nova-agent runs in the guest, or allow more time";
  return new HostError("GUEST_TIMEOUT", `${wait}. ${reason}`, { domid, command, wasTaken });
}

/** The caller gave up. */
export function cancelledError(facts: ExchangeFacts & { readonly wasTaken: boolean }): HostError {
  const { domid, command, wasTaken } = facts;
  const state = wasTaken
    ? "the guest had taken the request and may still carry it out"
    : "the request is withdrawn";
  return new HostError("CANCELLED", `Cancelled "${command}" for domain ${domid}: ${state}`, {
    domid,
    command,
    wasTaken,
  });
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
export function translateXenstoreError(error: unknown, facts: ExchangeFacts): unknown {
  if (!(error instanceof XenstoreError)) return error;
  const { domid, command } = facts;
  const message = `XenStore failed during "${command}" for domain ${domid}: ${error.message} (${error.code})`;
  return new HostError("XENSTORE_FAILED", message, { domid, command, cause: error });
}
