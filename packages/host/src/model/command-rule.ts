import { COMMAND_TIMEOUT_MS, RESET_NETWORK_TIMEOUT_MS } from "../limits.ts";
import type { GuestReply } from "./reply.ts";

/** How long a command may take, which codes mean that it was done, and whether it bears repetition. */
export interface CommandRule {
  readonly timeoutMs: number;
  readonly successCodes: readonly string[];
  /**
   * Whether doing it twice leads where doing it once does, so that a guest that moved in the middle may
   * be asked again. A `password` may not by itself: the key exchange before it is gone with a reboot, or
   * used up.
   */
  readonly mayRepeat: boolean;
}

const plainRule = { timeoutMs: COMMAND_TIMEOUT_MS, successCodes: ["0"] };

/** For every command that is not listed: nobody knows what it does. */
const unknownRule: CommandRule = { ...plainRule, mayRepeat: false };

// Codes and waits are Nova's (nova/virt/xenapi/agent.py).
const rules: ReadonlyMap<string, CommandRule> = new Map([
  ["version", { ...plainRule, mayRepeat: true }],
  ["features", { ...plainRule, mayRepeat: true }],
  ["doctor", { ...plainRule, mayRepeat: true }],
  ["keyinit", { ...plainRule, successCodes: ["D0"], mayRepeat: true }],
  ["password", { ...plainRule, mayRepeat: false }],
  ["injectfile", { ...plainRule, mayRepeat: true }],
  ["file_inject", { ...plainRule, mayRepeat: true }],
  // Old agents on FreeBSD and Gentoo answer 500 although the reset worked; nova-agent 3 answers 1 when it failed.
  ["resetnetwork", { timeoutMs: RESET_NETWORK_TIMEOUT_MS, successCodes: ["0", "500"], mayRepeat: true }],
  ["kmsactivate", { ...plainRule, mayRepeat: false }],
  ["agentupdate", { ...plainRule, mayRepeat: false }],
]);

/** The rule of the command `name`; one that is not known follows the plain rule and is never repeated. */
export function commandRule(name: string): CommandRule {
  return rules.get(name) ?? unknownRule;
}

/** Whether `reply` says that the command `name` was done. */
export function isSuccess(name: string, reply: GuestReply): boolean {
  return commandRule(name).successCodes.includes(reply.returncode);
}
