import { AgentError } from "../errors.ts";
import { command } from "./command.ts";
import { decodeFileData, planFile } from "./file-injection.ts";

const COMMA = 0x2c;

/**
 * `injectfile`: base64 of `<path>,<contents>`. The first comma divides, so that no path can hold one;
 * the contents are bytes.
 */
export const injectfile = command({
  name: "injectfile",
  gather: () => Promise.resolve(),
  plan: (value) => {
    const data = decodeFileData(value);
    const comma = data.indexOf(COMMA);
    if (comma < 0)
      throw new AgentError("AGENT_BAD_PAYLOAD", "File data must be a path, a comma and the contents");
    return planFile(data.subarray(0, comma), data.subarray(comma + 1));
  },
});
