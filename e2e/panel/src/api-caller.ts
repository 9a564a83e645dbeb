import { API_TIMEOUT_MS } from "./limits.ts";

/** Asks the API beside the panel, as a program does: with a token. Resolves to the body of the answer. */
export type ApiCaller = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
) => Promise<unknown>;

/** Gets a token of a user for project `demo`. */
export async function openApi({
  url,
  name,
  password,
}: {
  readonly url: string;
  readonly name: string;
  readonly password: string;
}): Promise<ApiCaller> {
  const domain = { id: "default" };
  const auth = {
    identity: { methods: ["password"], password: { user: { name, domain, password } } },
    scope: { project: { name: "demo", domain } },
  };
  const issued = await ask(`${url}/identity/v3/auth/tokens`, {
    method: "POST",
    body: JSON.stringify({ auth }),
  });
  const headers = { "X-Auth-Token": issued.headers.get("x-subject-token") ?? "" };
  return async (method, path, body) => {
    const answer = await ask(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  };
}

async function ask(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(API_TIMEOUT_MS) });
  if (response.ok) return response;
  throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
