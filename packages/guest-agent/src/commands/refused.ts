import { AgentError } from "../errors.ts";
import { command } from "./command.ts";

/** `agentupdate`: a program from an unsigned download would be anybody's; packages update the agent. */
export const agentupdate = command({
  name: "agentupdate",
  isListed: () => Promise.resolve(false),
  gather: () => Promise.resolve(),
  plan: () => {
    throw new AgentError("AGENT_UNSUPPORTED", "Agent updates come as packages of the distribution");
  },
});
