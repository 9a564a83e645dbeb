import { judgeHealth } from "../../servers/agent-health.ts";
import { type Check, type FindingFacts, type Found, ok, problem, skipped } from "../finding.ts";

/** Whether the agent answers. */
export const agent: Check = { name: "agent", look: (facts) => look(facts) };

function look(facts: FindingFacts): readonly Found[] {
  const { instance } = facts;
  const { health, reason } = judgeHealth(instance, facts);
  switch (health) {
    case "healthy":
      return [ok(`The agent was heard at ${instance.agentSeenAt?.toISOString() ?? ""}`)];
    case "silent": {
      const what = `The agent has not answered since ${instance.agentSilentSince?.toISOString() ?? ""}`;
      const fix = "Look at the guest's console whether it has booted, then run nova-agent doctor in it";
      return [problem(what, fix)];
    }
    case "none":
      // The check of the image tells it.
      return [];
    default:
      return [skipped(reason)];
  }
}
