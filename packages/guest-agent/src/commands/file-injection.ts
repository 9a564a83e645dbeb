import { decodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import { FILE_PATH_NAMES_MAX } from "../limits.ts";
import type { Plan } from "../plan.ts";
import { decodeBase64 } from "../protocol/base64.ts";
import type { RequestValue } from "../protocol/request.ts";

/** Mode of a file that was not there; the host injects keys and configuration, nobody else's to read. */
const NEW_FILE_MODE = 0o600;

/** The bytes of a base64 text. Throws AGENT_BAD_PAYLOAD with the text that hosts know. */
export function decodeFileData(value: RequestValue): Uint8Array {
  const bytes = typeof value === "string" ? decodeBase64(value) : undefined;
  if (bytes === undefined) throw new AgentError("AGENT_BAD_PAYLOAD", "Error doing base64 decoding of data");
  return bytes;
}

/**
 * Writes one file of the host's choice, keeping what was there as a backup. The path must be absolute
 * and name a file. `..` is refused: no host needs it, and it would make a path mean another file than
 * it shows. Whether the way there exists, or is a directory, is seen when the file is written.
 */
export function planFile(pathBytes: Uint8Array, content: Uint8Array): Plan {
  const path = parseFilePath(pathBytes);
  return {
    steps: [{ step: "writeFile", path, content, mode: NEW_FILE_MODE, backup: true }],
    reply: { returncode: "0", message: "" },
  };
}

function parseFilePath(bytes: Uint8Array): string {
  const path = decodeUtf8(bytes);
  if (path === undefined || path.includes("\0")) throw badPath("File path must be UTF-8 without NUL bytes");
  if (!path.startsWith("/")) throw badPath(`File path ${JSON.stringify(path)} must be absolute`);
  const names = path.split("/").slice(1);
  if (names.includes("..")) throw badPath(`File path ${JSON.stringify(path)} must not contain ".."`);
  if (names.length > FILE_PATH_NAMES_MAX) {
    throw badPath(`File path must not have over ${FILE_PATH_NAMES_MAX} names`);
  }
  if (/\/\.?$/.test(path)) throw badPath(`File path ${JSON.stringify(path)} must name a file`);
  return path;
}

function badPath(message: string): AgentError {
  return new AgentError("AGENT_BAD_PAYLOAD", message);
}
