import { CONFIG_PATH } from "../../command-line/command-line.ts";
import { type Check, ok, problem } from "../finding.ts";

/** Whether the agent's configuration lets it start. */
export const configuration: Check = {
  name: "configuration",
  look: ({ configurationFault: fault }) => [
    fault === undefined ? ok("Can be read") : problem(fault, `Mend that line of ${CONFIG_PATH}`),
  ],
};
