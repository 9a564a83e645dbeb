import { Agent, type IncomingMessage, request } from "node:http";

/** One request, and the status that it has to be answered with. */
export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** Asks as nobody: then no token is looked up. */
  readonly isAnonymous?: boolean;
}

export interface LoadOptions {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly durationMs: number;
  /** The request of this number, from 0. */
  readonly next: (number: number) => LoadRequest;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

/** Asks on a number of connections, on each one request after the other, and reads every answer to its end. */
export async function load({ connections, durationMs, next, ...where }: LoadOptions): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  let begun = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - startedAtMs < durationMs) {
      const beganMs = performance.now();
      await ask(agent, where, next(begun++));
      latenciesMs.push(performance.now() - beganMs);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
    return { perSecond: (1000 * begun) / (performance.now() - startedAtMs), latenciesMs };
  } finally {
    agent.destroy();
  }
}

async function ask(
  agent: Agent,
  { url, token }: Pick<LoadOptions, "url" | "token">,
  { method, path, body, status, isAnonymous = false }: LoadRequest,
): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      "Content-Type": "application/json",
      ...(isAnonymous ? {} : { "X-Auth-Token": token }),
    };
    const outgoing = request(`${url}${path}`, { agent, method, headers }, resolve);
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? "" : JSON.stringify(body));
  });
  // Only the start of what should not have come is of interest.
  let text = "";
  for await (const chunk of response) if (response.statusCode !== status) text += String(chunk).slice(0, 500);
  if (response.statusCode === status) return;
  throw new Error(`${method} ${path} was answered ${response.statusCode}: ${text}`);
}
