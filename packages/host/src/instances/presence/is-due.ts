import type { Instance } from "../instance.ts";
import { AGENT_BOOT_MS, AGENT_BOOT_RETRY_MS, AGENT_QUIET_MS } from "../limits.ts";
import { mayHaveAgent } from "../may-have-agent.ts";
import type { GuestDomain } from "./guest-domains.ts";

/** What is known of a guest that may be asked whether its agent is there. */
export interface HeartbeatFacts {
  readonly instance: Instance;
  /** Whether what it runs has an agent. */
  readonly hasAgent: boolean;
  readonly domain: GuestDomain | undefined;
  /** When it was asked last, by the clock. */
  readonly askedMs: number | undefined;
  readonly nowMs: number;
  readonly now: Date;
}

/**
 * Whether it is time to ask: the agent has not been heard for a while, or not since its domain came, or it
 * did not answer, or nobody knows what it offers. What an action has is left to that action.
 */
export function isDue(facts: HeartbeatFacts): boolean {
  const { instance, hasAgent, domain, askedMs, nowMs } = facts;
  const { agentSilentSince, agentFeatures, taskState } = instance;
  if (domain === undefined || taskState !== null || !mayHaveAgent(instance, hasAgent)) return false;
  const pauseMs = isBooting(facts) ? AGENT_BOOT_RETRY_MS : AGENT_QUIET_MS;
  if (askedMs !== undefined && nowMs - askedMs < pauseMs) return false;
  // It may only have been busy with what it did not answer.
  if (agentSilentSince !== null) return true;
  return agentFeatures === null || heardMsAgo(facts) >= AGENT_QUIET_MS || !isHeardHere(facts);
}

/** Whether its domain came a while ago and its agent has not been heard there: it may still boot. */
export function isBooting(facts: HeartbeatFacts): boolean {
  const { domain, nowMs } = facts;
  if (domain?.cameMs === undefined || nowMs - domain.cameMs > AGENT_BOOT_MS) return false;
  return !isHeardHere(facts);
}

/** Whether its agent was heard since its domain came. */
export function isHeardHere(facts: HeartbeatFacts): boolean {
  const { domain, nowMs } = facts;
  return domain?.cameMs === undefined || heardMsAgo(facts) <= nowMs - domain.cameMs;
}

/** What was heard in a future counts as long ago: the time of day was set back since. */
function heardMsAgo({ instance, now }: HeartbeatFacts): number {
  return instance.agentSeenAt === null ? Infinity : Math.abs(now.getTime() - instance.agentSeenAt.getTime());
}
