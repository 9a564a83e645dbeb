import type { Api } from "../../src/app.ts";

/** What a page may see of a session. */
export interface SessionBody {
  readonly user: { readonly id: string; readonly name: string };
  readonly project: { readonly id: string; readonly name: string } | null;
  readonly roles: readonly string[];
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly expires_at: string;
  readonly csrf_token: string;
}

/** A request of a page. */
export interface PageRequest {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As much of a browser as sessions are about: it keeps one cookie and sends it back. */
export class Browser {
  readonly #app: Api;
  readonly #origin: string;
  /** As it is sent; undefined when there is none. */
  cookie: string | undefined;

  constructor(app: Api, { origin = "http://127.0.0.1:8774" }: { readonly origin?: string } = {}) {
    this.#app = app;
    this.#origin = origin;
  }

  async send(path: string, { method = "GET", body, headers = {} }: PageRequest = {}): Promise<Response> {
    const cookie = this.cookie === undefined ? {} : { Cookie: `theme=dark; ${this.cookie}; last=1` };
    const response = await this.#app.request(
      this.#origin + path,
      {
        method,
        headers: { ...cookie, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      { remoteAddress: "192.0.2.7" },
    );
    const [pair] = (response.headers.get("set-cookie") ?? "").split(";");
    if (pair !== undefined && pair !== "") this.cookie = pair.endsWith("=") ? undefined : pair;
    return response;
  }

  /** Signs in; throws when it is refused. */
  async signIn(name: string, password: string, project?: string): Promise<SessionBody> {
    const body = { name, password, ...(project === undefined ? {} : { project }) };
    return await sessionIn(await this.send("/session", { method: "POST", body }));
  }
}

/** The session that was answered. */
export async function sessionIn(response: Response): Promise<SessionBody> {
  if (!response.ok) throw new Error(`No session, but ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { readonly session: SessionBody }).session;
}
