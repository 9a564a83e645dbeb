/** Reads what the Compute API answers at a path below its version. */
export type ApiReader = (path: string) => Promise<unknown>;

/** How long a request may take on a machine with other work. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Gets a token for what a file of settings for `openstack` names. */
export async function openApi(settings: Readonly<Record<string, string>>): Promise<ApiReader> {
  const { OS_AUTH_URL = "", OS_USERNAME: name, OS_PASSWORD: password, OS_PROJECT_NAME: project } = settings;
  const domain = { id: "default" };
  const auth = {
    identity: { methods: ["password"], password: { user: { name, domain, password } } },
    scope: { project: { name: project, domain } },
  };
  const issued = await request(`${OS_AUTH_URL}/auth/tokens`, {
    method: "POST",
    body: JSON.stringify({ auth }),
  });
  const headers = { "X-Auth-Token": issued.headers.get("x-subject-token") ?? "" };
  const compute = `${new URL(OS_AUTH_URL).origin}/compute/v2.1`;
  return async (path) => (await request(compute + path, { headers })).json();
}

async function request(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (response.ok) return response;
  throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
