import { ApiError } from "../errors.ts";
import { BODY_MAX_BYTES } from "../limits.ts";

/** The JSON of a request; undefined when it has no body. Throws BODY_TOO_LARGE, BAD_REQUEST. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes), refuseUnkept) as unknown;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // The parser's own words quote what it read, which may hold a password.
    throw new ApiError("BAD_REQUEST", "The body is not JSON");
  }
}

/** PostgreSQL keeps no NUL in a text, and no file, password or name has one. Throws BAD_REQUEST. */
export function refuseNul(key: string, value: unknown): unknown {
  if (key.includes("\0") || (typeof value === "string" && value.includes("\0"))) {
    throw new ApiError("BAD_REQUEST", "A text holds the character NUL");
  }
  return value;
}

/** Also a name that would be dropped without a word where users choose the names, as in metadata. */
function refuseUnkept(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new ApiError("BAD_REQUEST", 'Nothing can have the name "__proto__"');
  return refuseNul(key, value);
}

function tooLarge(): ApiError {
  return new ApiError("BODY_TOO_LARGE", `The body is larger than ${BODY_MAX_BYTES} bytes`);
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_MAX_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // What is sent in chunks does not say how much it will be.
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > BODY_MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
