import { type Image, type Instance, mayHaveAgent } from "@nova-agent/host";
import { AGENT_FRESH_MS } from "../limits.ts";

/**
 * How an agent is: `off` while the server does not run, `none` where its image has no agent, `silent` when it
 * did not answer when it was last asked, `unknown` when it was not asked yet.
 */
export type AgentHealth = "healthy" | "silent" | "none" | "unknown" | "off";

/** The health of an agent, and in plain words why and what to do; no words when all is well. */
export interface JudgedHealth {
  readonly health: AgentHealth;
  readonly reason: string;
}

/** Judges by what is kept; `image` is what the server runs now, as far as it is known. */
export function judgeHealth(
  instance: Instance,
  { image, now }: { readonly image: Pick<Image, "name" | "hasAgent"> | undefined; readonly now: Date },
): JudgedHealth {
  if (instance.vmState !== "active" && instance.vmState !== "rescued") return judgeState(instance);
  const { agentSeenAt, agentSilentSince } = instance;
  if (image !== undefined && !mayHaveAgent(instance, image.hasAgent)) {
    const reason = `The image ${image.name} has no agent: install nova-agent in the guest, or use another image`;
    return { health: "none", reason };
  }
  if (agentSilentSince !== null) {
    const since = `The agent has not answered since ${agentSilentSince.toISOString()}`;
    const advice = "look whether the guest has booted and nova-agent runs in it, at its console";
    return { health: "silent", reason: `${since}: ${advice}` };
  }
  if (agentSeenAt === null) {
    return { health: "unknown", reason: "The agent has not been asked yet: it is within some minutes" };
  }
  if (now.getTime() - agentSeenAt.getTime() <= AGENT_FRESH_MS) return { health: "healthy", reason: "" };
  const last = `The agent was last heard at ${agentSeenAt.toISOString()}`;
  return { health: "unknown", reason: `${last}, and has not been asked since: it is within some minutes` };
}

/** Of one that does not run. */
function judgeState({ vmState, taskState }: Instance): JudgedHealth {
  switch (vmState) {
    case "building":
      return { health: "unknown", reason: "The server is being built: wait for it" };
    case "error":
      return { health: "unknown", reason: "The server is in error: see its fault, then reboot it hard" };
    case "deleted":
      return { health: "off", reason: "The server is deleted" };
    default:
      return taskState === "powering-on"
        ? { health: "unknown", reason: "The server is starting: wait for it" }
        : { health: "off", reason: "The server is stopped: start it" };
  }
}
