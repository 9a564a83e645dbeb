import { HostError } from "../errors.ts";
import type { GuestCall, HeldGuest, HostConnector } from "../host-connector.ts";
import { COMMAND_TIMEOUT_MS, GUEST_RETURN_TIMEOUT_MS, VERSION_TIMEOUT_MS } from "../limits.ts";
import { silenceText } from "../model/exchange-errors.ts";

export interface AgentVersion {
  readonly domid: number;
  /** As the agent says it, such as `3.0.0`. */
  readonly version: string;
}

/**
 * The version of the guest's agent. Asked again every 30 s, with a new id each time, up to 300 s in all
 * (`timeoutMs` says otherwise), because the guest may still be booting (nova, agent.py, get_version).
 */
export async function readVersion(connector: HostConnector, call: GuestCall): Promise<AgentVersion> {
  const totalMs = call.timeoutMs ?? VERSION_TIMEOUT_MS;
  // The caller waits for all of the calls.
  const onProgress: GuestCall["onProgress"] = (progress) =>
    call.onProgress?.({ ...progress, timeoutMs: totalMs });
  return connector.hold({ ...call, onProgress }, async (guest) => {
    const deadlineMs = connector.clock.nowMs() + totalMs;
    for (;;) {
      const leftMs = Math.max(1, Math.round(deadlineMs - connector.clock.nowMs()));
      const version = await askOnce(guest, { leftMs, totalMs });
      if (version !== undefined) return { domid: guest.domid, version };
    }
  });
}

/** The version, or undefined when this call had no answer and there is time for another. */
async function askOnce(
  guest: HeldGuest,
  { leftMs, totalMs }: { readonly leftMs: number; readonly totalMs: number },
): Promise<string | undefined> {
  try {
    const timeoutMs = Math.min(COMMAND_TIMEOUT_MS, leftMs);
    const { message } = await guest.ask({ name: "version", value: "agent" }, { timeoutMs });
    if (message !== "") return message;
  } catch (error) {
    if (!(error instanceof HostError) || !mayAskAgain(error)) throw error;
    if (leftMs > COMMAND_TIMEOUT_MS) return undefined;
    if (totalMs <= COMMAND_TIMEOUT_MS || error.code !== "GUEST_TIMEOUT") throw error;
    throw silentError(error, { domid: guest.domid, totalMs });
  }
  const facts = { domid: guest.domid, command: "version" };
  throw new HostError("GUEST_BAD_REPLY", `Domain ${guest.domid} answered "version" without a version`, facts);
}

/** The last call's error as that of all calls. */
function silentError(
  last: HostError,
  { domid, totalMs }: { readonly domid: number; readonly totalMs: number },
): HostError {
  const wasTaken = last.facts.wasTaken === true;
  const standing = { domid, currentDomid: domid, command: "version", timeoutMs: totalMs, wasTaken };
  const advice = wasTaken
    ? "Look at its log in the guest"
    : "Check that the guest has booted and nova-agent runs in it";
  const message = `${silenceText(standing)}, asked again and again. ${advice}`;
  return new HostError("GUEST_TIMEOUT", message, { ...last.facts, cause: last });
}

/** A guest that is away may come back within `GUEST_RETURN_TIMEOUT_MS`, however many calls that takes. */
function mayAskAgain({ code, facts }: HostError): boolean {
  return code === "GUEST_TIMEOUT" || (code === "GUEST_GONE" && (facts.awayMs ?? 0) < GUEST_RETURN_TIMEOUT_MS);
}
