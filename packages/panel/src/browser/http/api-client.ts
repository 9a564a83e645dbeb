import type * as z from "zod/mini";
import { PanelError } from "../errors.ts";
import { REQUEST_TIMEOUT_MS } from "../limits.ts";
import { readFault } from "./read-fault.ts";

export interface ApiClientOptions {
  readonly fetch: typeof fetch;
  /** Is told when an answer says that the session is over. */
  readonly onSignedOut: () => void;
}

type Schema = z.ZodMiniType;
type Method = "POST" | "PUT" | "PATCH" | "DELETE";

export interface CallOptions {
  /** Of the Compute API, for what newer ones have no more; otherwise the newest, whose answers say the most. */
  readonly version?: string | undefined;
}

/**
 * Asks the service that the page came from. The browser adds the session's cookie; what changes something
 * carries the session's CSRF token, which stands in memory alone. Every call throws a PanelError.
 */
export class ApiClient {
  readonly #options: ApiClientOptions;
  #csrfToken: string | undefined;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** Of the session that goes on; undefined without one. */
  setCsrfToken(token: string | undefined): void {
    this.#csrfToken = token;
  }

  async get<S extends Schema>(path: string, answer: S, signal?: AbortSignal): Promise<z.output<S>> {
    const response = await this.#request("GET", path, { signal });
    return parse(await readJson(response), answer, path);
  }

  /** Sends something, and has its answer. */
  async ask<S extends Schema>(
    method: Method,
    path: string,
    { body, answer, version }: CallOptions & { readonly body?: unknown; readonly answer: S },
  ): Promise<z.output<S>> {
    const response = await this.#request(method, path, { body, version });
    return parse(await readJson(response), answer, path);
  }

  /** The same where the answer does not matter, or there is none. */
  async send(method: Method, path: string, body?: unknown, { version }: CallOptions = {}): Promise<void> {
    const response = await this.#request(method, path, { body, version });
    await response.body?.cancel();
  }

  async #request(
    method: Method | "GET",
    path: string,
    {
      body,
      signal,
      version,
    }: CallOptions & { readonly body?: unknown; readonly signal?: AbortSignal | undefined },
  ): Promise<Response> {
    const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const csrfToken = this.#csrfToken;
    const response = await this.#fetch(path, {
      method,
      headers: this.#headers(method, { body, version }),
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    if (response.ok) return response;
    const fault = await readFault(response);
    // Whoever fails to sign in has no session that could be over, and a late answer is of the one before.
    const isOfThisSession = csrfToken !== undefined && csrfToken === this.#csrfToken;
    if (fault.code === "SIGNED_OUT" && isOfThisSession) this.#options.onSignedOut();
    throw fault;
  }

  #headers(
    method: string,
    { body, version = "latest" }: CallOptions & { readonly body: unknown },
  ): Record<string, string> {
    return {
      "OpenStack-API-Version": `compute ${version}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(method === "GET" || this.#csrfToken === undefined ? {} : { "X-CSRF-Token": this.#csrfToken }),
    };
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#options.fetch(path, init);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
      if (cause instanceof DOMException && cause.name === "TimeoutError") {
        throw new PanelError("UNREACHABLE", "The service did not answer in time", { cause });
      }
      throw new PanelError("UNREACHABLE", "The service cannot be reached. Try again in a moment", { cause });
    }
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch (cause) {
    throw new PanelError("BAD_ANSWER", "The service's answer was cut off. Try again", { cause });
  }
}

function parse<S extends Schema>(value: unknown, schema: S, path: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new PanelError("BAD_ANSWER", `The service's answer to ${path} is not understood at "${where}"`, {
    cause: result.error,
  });
}
