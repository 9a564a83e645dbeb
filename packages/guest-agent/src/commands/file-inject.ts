import { AgentError } from "../errors.ts";
import { isJsonObject, ownValue } from "../protocol/request.ts";
import { command } from "./command.ts";
import { decodeFileData, planFile } from "./file-injection.ts";

/**
 * `file_inject`: an object with path and contents in base64 each (`b64_path`, `b64_file`), which Nova
 * prefers and no agent before this one had. A path may hold a comma here.
 */
export const fileInject = command({
  name: "file_inject",
  gather: () => Promise.resolve(),
  plan: (value) => {
    if (!isJsonObject(value)) {
      throw new AgentError("AGENT_BAD_PAYLOAD", "File data must be an object with b64_path and b64_file");
    }
    return planFile(decodeFileData(ownValue(value, "b64_path")), decodeFileData(ownValue(value, "b64_file")));
  },
});
