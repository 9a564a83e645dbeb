import type { Instance } from "./instance.ts";

/**
 * Whether there may be an agent to ask: what runs was made with one, or one was heard in the instance's own
 * system, where somebody has installed it.
 */
export function mayHaveAgent(
  { vmState, agentSeenAt }: Pick<Instance, "vmState" | "agentSeenAt">,
  hasAgent: boolean,
): boolean {
  return hasAgent || (agentSeenAt !== null && vmState !== "rescued");
}
