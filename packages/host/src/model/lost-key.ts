import type { HostError } from "../errors.ts";

/** Whether these words refuse a `password` because there was no `keyinit` before it; all agents have them. */
export function tellsOfLostKey(message: string): boolean {
  return /without key exchange/i.test(message);
}

/**
 * Whether the agent has lost the key: it was started anew since the `keyinit`, maybe after it had set the
 * password and before it could say so.
 */
export function isRefusedWithoutKey({ code, facts, message }: HostError): boolean {
  return code === "GUEST_REFUSED" && facts.command === "password" && tellsOfLostKey(message);
}
