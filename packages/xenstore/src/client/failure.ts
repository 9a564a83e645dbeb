import { isWireErrorName, XenstoreError, type XenstoreErrorCode } from "../errors.ts";
import { MessageType } from "../wire/message-type.ts";
import { parseText } from "../wire/replies.ts";
import { decodeLatin1 } from "../wire/text.ts";

/** A request as its error message needs it. */
export interface RequestFacts {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The error of a request: `Cannot write "/local/domain/3/name": …`. Never shows a value. */
export function requestError(
  request: RequestFacts,
  failure: { readonly code: XenstoreErrorCode; readonly because: string; readonly cause?: unknown },
): XenstoreError {
  const { code, because, cause } = failure;
  const message = `Cannot ${describeType(request.type)} ${quoteFirstArgument(request.payload)}: ${because}`;
  return new XenstoreError(code, message, cause === undefined ? undefined : { cause });
}

/**
 * The error that an ERROR packet's payload stands for. A name this library does not know becomes
 * EINVAL, as in libxenstore, and is shown in the message.
 */
export function replyError(request: RequestFacts, payload: Uint8Array): XenstoreError {
  const name = parseText(payload);
  if (isWireErrorName(name)) return requestError(request, { code: name, because: name });
  return requestError(request, { code: "EINVAL", because: `unknown error ${JSON.stringify(name)}` });
}

/** `makeDirectory` becomes "make directory"; types without a name show their number. */
function describeType(type: number): string {
  if (type === MessageType.directory || type === MessageType.directoryPart) return "list";
  const name = Object.entries(MessageType).find(([, number]) => number === type)?.[0];
  if (name === undefined) return `send request ${type} of`;
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The path, or what stands first; cut to a length that a message can bear. */
function quoteFirstArgument(payload: Uint8Array): string {
  const nul = payload.indexOf(0);
  const text = decodeLatin1(payload, 0, nul === -1 ? payload.length : nul);
  return JSON.stringify(
    text.length > QUOTED_MAX_CHARACTERS ? `${text.slice(0, QUOTED_MAX_CHARACTERS)}…` : text,
  );
}

const QUOTED_MAX_CHARACTERS = 120;
