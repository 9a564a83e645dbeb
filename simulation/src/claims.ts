import { isSuccess, type Operation, type OperationFailure } from "@nova-agent/host";
import type { Outcome } from "./operation-task.ts";

// The guest has not heard of it after these.
const notSentCodes: ReadonlySet<string> = new Set([
  "NO_SUCH_DOMAIN",
  "GUEST_NO_DATA",
  "GUEST_BUSY",
  "TOO_LARGE",
  "BAD_ARGUMENT",
  "GUEST_UNSUPPORTED",
]);

/** What an error claims of the guest. */
export function claimOfError({ code, message }: OperationFailure): Outcome["claim"] {
  if (code === "GUEST_REFUSED") return claimOfRefusal(message);
  return notSentCodes.has(code) ? "notSent" : "unknown";
}

/**
 * An agent that could not take back what it had begun says so; a registration that failed on its way
 * cannot be taken back at all.
 */
export function claimOfRefusal(message: string): Outcome["claim"] {
  return /when taking back|Couldn't activate/.test(message) ? "unknown" : "refused";
}

const commands: Readonly<Record<string, string>> = {
  injectFile: "file_inject",
  resetNetwork: "resetnetwork",
};

/** What a finished operation of the ledger claims of the guest; undefined for one that goes on. */
export function claimOfOperation({
  state,
  kind,
  error,
  returncode,
  message,
}: Operation): Outcome["claim"] | undefined {
  switch (state) {
    case "done":
      return "done";
    case "late": {
      if (returncode === null || error?.code === "OUTCOME_UNKNOWN") return "unknown";
      const reply = { returncode, message: message ?? "", isIntegerCode: false };
      return isSuccess(commands[kind] ?? kind, reply) ? "done" : claimOfRefusal(reply.message);
    }
    case "failed":
    case "timedOut":
      return error === null ? "unknown" : claimOfError(error);
    default:
      return undefined;
  }
}
