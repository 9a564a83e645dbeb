import { API_ANSWER_MAX_BYTES } from "../../limits.ts";
import type { HttpAnswer, HttpRequest } from "../../program-host.ts";

/** Sends a request with Node's own client. */
export async function sendHttp({ url, signal, timeoutMs, body, ...init }: HttpRequest): Promise<HttpAnswer> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const response = await fetch(url, {
      ...init,
      ...(body === undefined ? {} : { body }),
      // A token must not follow to wherever an answer points.
      redirect: "manual",
      signal: AbortSignal.any([controller.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readText(response);
    return { status: response.status, text, header: (name) => response.headers.get(name) ?? undefined };
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > API_ANSWER_MAX_BYTES) throw new Error(`The answer is over ${API_ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
