import { readFileSync } from "node:fs";
import { type Config, DEFAULT_CONFIG, parseConfig } from "../../config.ts";
import { AgentError } from "../../errors.ts";
import { describeErrno } from "../../system/errno.ts";
import { CONFIG_PATH } from "./command-line.ts";
import { errnoOf } from "../../system/system-error.ts";

/**
 * Reads the configuration; the usual file may be missing, one that was asked for may not. Throws
 * AGENT_BAD_SETTING with the file's name and, for what is in it, the line.
 */
export function readConfig(path: string | undefined): Config {
  const name = path ?? CONFIG_PATH;
  try {
    return parseConfig(readFileSync(name, "utf8"), name);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || error instanceof AgentError) throw error;
    if (code === "ENOENT" && path === undefined) return DEFAULT_CONFIG;
    throw new AgentError("AGENT_BAD_SETTING", `Cannot read "${name}": ${describeErrno(code)}`, {
      cause: error,
    });
  }
}
