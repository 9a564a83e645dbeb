import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import { REPLY_MAX_BYTES } from "../limits.ts";

/**
 * An answer to the host, both fields always strings: Nova compares the code as text, and an integer
 * makes it ask again without end.
 */
export interface Reply {
  /** `0` done, `D0` key exchange done, `404` no such command, `500` failed, `1` reset of the network failed. */
  readonly returncode: string;
  readonly message: string;
}

/** What a failed reset of the network answers: hosts take "500" for a success there. */
export const RESET_FAILURE_CODE = "1";

/** Ends a message that did not fit. */
const CUT_MARK = "...";

// What becomes of a refusal. Codes that are not here, and errors that are no refusals, are the command's.
const refusalCodes: ReadonlyMap<string, string> = new Map([["AGENT_NO_COMMAND", "404"]]);

/** The answer to a request that an error ended; the message is the error's. */
export function refusalReply(error: unknown, failureCode = "500"): Reply {
  const message = error instanceof Error ? error.message : String(error);
  const returncode = error instanceof AgentError ? refusalCodes.get(error.code) : undefined;
  return { returncode: returncode ?? failureCode, message };
}

/**
 * The bytes of `data/guest/<id>`: a JSON object of two strings, at most 1,900 bytes. A longer message
 * is cut at a character, and `...` says so.
 */
export function encodeReply(reply: Reply): Uint8Array {
  const bytes = encodeUtf8(JSON.stringify({ returncode: reply.returncode, message: reply.message }));
  if (bytes.length <= REPLY_MAX_BYTES) return bytes;
  const empty = { returncode: reply.returncode, message: CUT_MARK };
  const room = REPLY_MAX_BYTES - encodeUtf8(JSON.stringify(empty)).length;
  const message = cutEncoded(reply.message, room) + CUT_MARK;
  return encodeUtf8(JSON.stringify({ returncode: reply.returncode, message }));
}

/** As many whole characters as need no more than `maxBytes` inside a JSON text in UTF-8. */
function cutEncoded(text: string, maxBytes: number): string {
  let [length, bytes] = [0, 0];
  for (const character of text) {
    bytes += encodeUtf8(JSON.stringify(character)).length - 2;
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}
