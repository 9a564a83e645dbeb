import { PanelError } from "../errors.ts";
import { GUEST_TEXT_MAX_CHARACTERS } from "../limits.ts";
import { showable } from "../model/printable.ts";

/**
 * The error that an answer tells, in the words of the service. Each of its interfaces has a JSON of its own:
 * `{"conflictingRequest": {"message"}}`, `{"error": {"message"}}` or `{"NeutronError": {"message"}}`.
 */
export async function readFault(response: Response): Promise<PanelError> {
  const { status } = response;
  const requestId = response.headers.get("x-openstack-request-id") ?? undefined;
  const words = messageIn(await response.json().catch(() => undefined));
  const message = words ?? `The service answered ${status}`;
  return new PanelError(status === 401 ? "SIGNED_OUT" : "REFUSED", message, { status, requestId });
}

function messageIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  for (const fault of Object.values(body) as unknown[]) {
    if (typeof fault !== "object" || fault === null || !("message" in fault)) continue;
    if (typeof fault.message !== "string" || fault.message === "") continue;
    // A guest's own words may be in it, such as why it refused.
    return showable(fault.message, GUEST_TEXT_MAX_CHARACTERS);
  }
  return undefined;
}
