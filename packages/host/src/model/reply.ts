import { decodeLatin1, decodeUtf8 } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import { SHOWN_REPLY_CHARACTERS } from "../limits.ts";

/** The guest's answer. */
export interface GuestReply {
  /** `0` done, `D0` key exchange done, anything else failed; `command-rule.ts` has the exceptions. */
  readonly returncode: string;
  /** Whether the agent sent the code as a number: taken here, but Nova would not understand it. */
  readonly isIntegerCode: boolean;
  /** Without the line break that agents on Windows put behind every line; inner ones are `\n`. */
  readonly message: string;
}

/**
 * The reply in the bytes of `data/guest/<id>`: a JSON object with `returncode` and `message`. As
 * forgiving as Nova: surrounding blanks, a number as code, a missing message, and `\r\n` both real and as
 * the four characters that agents on Windows send. Throws GUEST_BAD_REPLY for anything else.
 */
export function parseReply(bytes: Uint8Array, context: { domid: number; command: string }): GuestReply {
  const fields = parseObject(decodeUtf8(bytes));
  const code = fields?.["returncode"];
  const message = fields?.["message"] ?? "";
  const isIntegerCode = Number.isInteger(code);
  if ((typeof code !== "string" && !isIntegerCode) || typeof message !== "string") {
    throw new HostError(
      "GUEST_BAD_REPLY",
      `Domain ${context.domid} answered "${context.command}" with ${show(bytes)}, ` +
        `which is not {"returncode", "message"}. Look at the log of the guest's agent`,
      context,
    );
  }
  return { returncode: String(code).trim(), isIntegerCode, message: cleanMessage(message) };
}

/** The same for a caller that has something to do before it throws: the reply, or why it is none. */
export function readAnswer(
  bytes: Uint8Array,
  context: { domid: number; command: string },
): GuestReply | HostError {
  try {
    return parseReply(bytes, context);
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
}

/** Whether nothing was written yet: an empty node is no answer. */
export function isEmptyReply(bytes: Uint8Array): boolean {
  return bytes.length === 0;
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    // A C agent may count the closing NUL in.
    const value: unknown = JSON.parse(text.replace(/\0+$/, ""));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function cleanMessage(message: string): string {
  return message.replaceAll(/\\r\\n|\r\n/g, "\n").trim();
}

/** The reply as an operator may see it: one line, in quotes, cut. */
function show(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes) ?? decodeLatin1(bytes);
  const isLong = text.length > SHOWN_REPLY_CHARACTERS;
  return JSON.stringify(isLong ? `${text.slice(0, SHOWN_REPLY_CHARACTERS)}…` : text);
}
