import { AGENT_VERSION } from "../version.ts";
import { answer, command } from "./command.ts";

/** `version`: any value, answered with the version of this agent. */
export const version = command({
  name: "version",
  gather: () => Promise.resolve(),
  plan: () => answer(AGENT_VERSION),
});
