import { ApiError } from "../errors.ts";
import { BODY_MAX_BYTES } from "../limits.ts";

/** The JSON of a request; undefined when it has no body. Throws BODY_TOO_LARGE, BAD_REQUEST. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    // The parser's own words quote what it read, which may hold a password.
    throw new ApiError("BAD_REQUEST", "The body is not JSON");
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = (): ApiError =>
    new ApiError("BODY_TOO_LARGE", `The body is larger than ${BODY_MAX_BYTES} bytes`);
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
