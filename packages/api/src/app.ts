import type { IdentityRepository, Log } from "@nova-agent/host";
import { type Context, Hono } from "hono";
import { readJson, refuseNul } from "./context/body.ts";
import { type Caller, findCaller, requireCaller } from "./context/caller.ts";
import { requireOwnPage } from "./context/own-page.ts";
import { findReach, type Reach } from "./context/reach.ts";
import { chooseRoute, groupRoutes, type RouteGroup, takesBody } from "./dispatch.ts";
import { ApiError } from "./errors.ts";
import { encodeFault, type FaultStyle, toFault } from "./faults.ts";
import {
  MICROVERSION_MIN,
  type Microversion,
  microversionHeaders,
  parseMicroversion,
} from "./microversion.ts";
import { describeServices } from "./openapi.ts";
import type { RouteReply, Service } from "./route.ts";
import { securityHeaders, transportSecurity } from "./security-headers.ts";
import { listServices, type ServicesOptions } from "./services.ts";

/** What the server knows of a connection. */
export interface ApiBindings {
  /** The peer's address. */
  readonly remoteAddress?: string | undefined;
  /** Aborted when the server begins to close. */
  readonly closing?: AbortSignal | undefined;
  /** Ends the connection at once. */
  readonly hangUp?: (() => void) | undefined;
}

/** A hono application: `fetch(request, bindings)`, and `request(path, init, bindings)` for tests. */
export type Api = Hono<{ Bindings: ApiBindings }>;

/** A request that was answered, for whoever counts them. */
export interface AnsweredRequest {
  /** The route's name, or `none` where none was found. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface AppOptions {
  readonly services: readonly Service[];
  readonly identity: Pick<IdentityRepository, "findToken">;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
  /** Where clients reach it, such as `https://cloud.example.org`; without it, where the request came to. */
  readonly publicUrl?: string | undefined;
  /** Is told of every answer. */
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
}

export interface ApiOptions extends Omit<AppOptions, "services" | "identity">, Omit<ServicesOptions, "log"> {}

type ApiContext = Context<{ Bindings: ApiBindings }>;

/** The whole API: identity, compute, image and network. */
export function createApi(options: ApiOptions): Api {
  return createApp({ ...options, identity: options.database.identity, services: listServices(options) });
}

/** An application that serves these services, and describes them at `/openapi.json`. */
export function createApp(options: AppOptions): Api {
  // What clients append a slash to is the same.
  const app: Api = new Hono({ strict: false });
  for (const service of options.services) {
    const server = new ServiceServer(service, options);
    for (const group of groupRoutes(service.routes)) {
      app.on(group.method, join(service.prefix, group.path), (c) => server.answer(c, group));
    }
    for (const [path, allowed] of methodsByPath(service)) {
      app.all(join(service.prefix, path), (c) => server.refuse(c, allowed));
    }
    const unknown = (c: ApiContext): Promise<Response> => server.refuse(c);
    app.all(service.prefix, unknown).all(`${service.prefix}/*`, unknown);
  }
  const document = describeServices(options.services);
  app.get("/openapi.json", (c) => c.json(document, 200, securityHeaders));
  app.notFound((c) =>
    c.json(
      encodeFault({ status: 404, name: "itemNotFound", message: "There is nothing here" }, "compute"),
      404,
      securityHeaders,
    ),
  );
  return app;
}

/** Answers the requests for one service. */
class ServiceServer {
  readonly #service: Service;
  readonly #options: AppOptions;

  constructor(service: Service, options: AppOptions) {
    this.#service = service;
    this.#options = options;
  }

  /** Carries a request out by the route of the group that it is for. */
  async answer(c: ApiContext, group: RouteGroup): Promise<Response> {
    return await this.#withRequestId(c, async (requestId, setRoute) => {
      const isOpen = group.routes.some(({ access }) => access === "anyone");
      const reach = findReach(c.req.raw, this.#options.publicUrl);
      const caller = await this.#findCaller(c, reach);
      if (!isOpen) authorize(c.req.raw, { caller, reach });
      const microversion = this.#microversion(c, isOpen);
      const body = takesBody(group) ? await readJson(c.req.raw) : undefined;
      const call = this.#call(c, { requestId, reach, caller, microversion, body });
      const { route, body: ownBody } = chooseRoute(group, call);
      setRoute(route.name);
      const reply = await route.run({ ...call, body: ownBody });
      return { status: reply.status ?? route.success, reply, microversion };
    });
  }

  /**
   * Answers what no route is for, and says to those without a token no more than that they need one.
   * `allowed` are the methods that the path takes.
   */
  async refuse(c: ApiContext, allowed?: readonly string[]): Promise<Response> {
    return await this.#withRequestId(c, async () => {
      requireCaller(await this.#findCaller(c, findReach(c.req.raw, this.#options.publicUrl)));
      const message = `There is no ${c.req.method} ${c.req.path}`;
      if (allowed === undefined) throw new ApiError("NOT_FOUND", message);
      throw new ApiError("METHOD_NOT_ALLOWED", message, { allowed });
    });
  }

  #findCaller(c: ApiContext, reach: Reach): Promise<Caller | undefined> {
    return findCaller(this.#options.identity, c.req.raw.headers, reach);
  }

  #call(
    c: ApiContext,
    own: {
      readonly requestId: string;
      readonly reach: Reach;
      readonly caller: Caller | undefined;
      readonly microversion: Microversion;
      readonly body: unknown;
    },
  ) {
    const { remoteAddress = "unknown", closing, hangUp = () => undefined } = bindingsOf(c);
    const { origin } = own.reach;
    return {
      ...own,
      serviceUrl: origin + this.#service.prefix,
      origin,
      address: remoteAddress,
      headers: c.req.raw.headers,
      signal: c.req.raw.signal,
      closing,
      hangUp,
      params: refuseNulIn(c.req.param()),
      query: refuseNulIn(
        Object.fromEntries(
          Object.entries(c.req.queries()).map(([name, [first = "", ...more]]) => [
            name,
            more.length === 0 ? first : [first, ...more],
          ]),
        ),
      ),
    };
  }

  /** Discovery is answered whatever version is asked for: it tells which ones there are. */
  #microversion(c: ApiContext, isOpen: boolean): Microversion {
    return this.#service.hasMicroversions && !isOpen
      ? parseMicroversion(c.req.raw.headers)
      : MICROVERSION_MIN;
  }

  async #withRequestId(
    c: ApiContext,
    carryOut: (
      requestId: string,
      setRoute: (name: string) => void,
    ) => Promise<{ status: number; reply: RouteReply; microversion: Microversion }>,
  ): Promise<Response> {
    const requestId = `req-${this.#options.newId()}`;
    const startedAt = this.#options.now().getTime();
    let route = "none";
    let response: Response;
    try {
      const { status, reply, microversion } = await carryOut(requestId, (name) => {
        route = name;
      });
      response = this.#respond(c, {
        ...reply,
        status,
        requestId,
        microversion,
      });
    } catch (error) {
      response = this.#respondFault(c, { error, requestId });
    }
    const { method, path } = c.req;
    const { status } = response;
    const durationMs = this.#options.now().getTime() - startedAt;
    this.#options.log.info("request answered", { requestId, method, path, status, durationMs });
    this.#options.onAnswered?.({ route, method, status, durationMs });
    return response;
  }

  #respondFault(
    c: ApiContext,
    { error, requestId }: { readonly error: unknown; readonly requestId: string },
  ): Response {
    const fault = toFault(error, requestId);
    if (fault.status >= 500) this.#options.log.error("request failed", { requestId, error: describe(error) });
    const headers: Record<string, string> = {};
    if (fault.status === 401)
      headers["WWW-Authenticate"] = `Keystone uri="${new URL("/identity", c.req.url).href}"`;
    if (fault.retryAfterSeconds !== undefined) headers["Retry-After"] = String(fault.retryAfterSeconds);
    if (fault.allowed !== undefined) headers["Allow"] = fault.allowed.join(", ");
    const style: FaultStyle = this.#service.faults;
    return this.#respond(c, { status: fault.status, body: encodeFault(fault, style), requestId, headers });
  }

  #respond(
    c: ApiContext,
    answer: RouteReply & {
      readonly status: number;
      readonly requestId: string;
      readonly microversion?: Microversion;
    },
  ): Response {
    const { status, body, stream, requestId, microversion = MICROVERSION_MIN } = answer;
    const headers = new Headers({
      ...securityHeaders,
      ...(c.req.url.startsWith("https:") ? transportSecurity : {}),
      ...(this.#service.hasMicroversions
        ? { ...microversionHeaders(microversion), "X-Compute-Request-Id": requestId }
        : {}),
      "X-OpenStack-Request-Id": requestId,
      ...answer.headers,
    });
    if (stream !== undefined) return respondStream(c, stream, { status, headers });
    if (body === undefined) return new Response(null, { status, headers });
    headers.set("Content-Type", "application/json");
    return new Response(JSON.stringify(body), { status, headers });
  }
}

/** Throws UNAUTHORIZED, and FORBIDDEN for what a session has not sent from a page of ours. */
function authorize(
  { method, headers }: Request,
  { caller, reach }: { readonly caller: Caller | undefined; readonly reach: Reach },
): void {
  const { hasSession, token } = requireCaller(caller);
  if (hasSession) requireOwnPage({ method, headers, reach, token });
}

function methodsByPath({ routes }: Service): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of routes) {
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
  }
  return new Map([...methods].map(([path, known]) => [path, [...known]]));
}

/** Of an error and what caused it; neither ever holds a secret. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `; ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function refuseNulIn<T extends Readonly<Record<string, string | readonly string[]>>>(fields: T): T {
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) refuseNul(name, value);
  }
  return fields;
}

function bindingsOf(c: ApiContext): ApiBindings {
  // Hono leaves it out where fetch is called without.
  const bindings: ApiBindings | undefined = c.env;
  return bindings ?? {};
}

function respondStream(
  c: ApiContext,
  stream: ReadableStream<Uint8Array>,
  init: { readonly status: number; readonly headers: Headers },
): Response {
  if (c.req.raw.method !== "HEAD") return new Response(stream, init);
  // Nobody would read it.
  void stream.cancel();
  return new Response(null, init);
}

function join(prefix: string, path: string): string {
  return path === "/" ? prefix : prefix + path;
}
