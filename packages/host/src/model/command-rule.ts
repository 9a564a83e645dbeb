import { COMMAND_TIMEOUT_MS, RESET_NETWORK_TIMEOUT_MS } from "../limits.ts";
import type { GuestReply } from "./reply.ts";

/** How long a command may take and which codes mean that it was done. */
export interface CommandRule {
  readonly timeoutMs: number;
  readonly successCodes: readonly string[];
}

const plainRule: CommandRule = { timeoutMs: COMMAND_TIMEOUT_MS, successCodes: ["0"] };

// Nova's rules (nova/virt/xenapi/agent.py): only these two differ from the plain one.
const rules: ReadonlyMap<string, CommandRule> = new Map([
  ["keyinit", { timeoutMs: COMMAND_TIMEOUT_MS, successCodes: ["D0"] }],
  // Old agents on FreeBSD and Gentoo answer 500 although the reset worked; nova-agent 3 answers 1 when it failed.
  ["resetnetwork", { timeoutMs: RESET_NETWORK_TIMEOUT_MS, successCodes: ["0", "500"] }],
]);

/** The rule of the command `name`; one that is not known follows the plain rule. */
export function commandRule(name: string): CommandRule {
  return rules.get(name) ?? plainRule;
}

/** Whether `reply` says that the command `name` was done. */
export function isSuccess(name: string, reply: GuestReply): boolean {
  return commandRule(name).successCodes.includes(reply.returncode);
}
