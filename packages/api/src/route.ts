/**
 * A route is data. A service is a prefix and a table of routes, made by a function that takes what its
 * handlers need, and listed in `services.ts`:
 *
 *     export function flavorRoutes({ inventory }: { readonly inventory: InventoryRepository }): readonly Route[] {
 *       return [
 *         route({
 *           name: "showFlavor",
 *           method: "GET",
 *           path: "/flavors/:id",
 *           summary: "Show a flavor",
 *           role: "reader",
 *           handle: async ({ params, microversion }) => ({ body: { flavor: viewFlavor(…) } }),
 *         }),
 *       ];
 *     }
 *
 * - `route` needs a token for a project and the role; its handler gets a `requester` with the request's id.
 *   `tokenRoute` needs any valid token, `openRoute` none.
 * - `query` and `body` are schemas of zod/mini. What does not pass is answered 400 with the field's name and
 *   never its value. A query field given twice comes as an array. Without a `body` schema none is read.
 * - Routes of one method and path may differ in `microversions` (the minors, both ends included) and in
 *   `action`: the one key of a body such as `{"reboot": {…}}`; `body` is then the schema of its value.
 *   None that fits is a 404 for the version, a 400 for an action that there is in no version.
 * - A handler answers `{ status?, body?, stream?, headers? }`, where the status is `success` of the route unless it
 *   says otherwise, or throws HostError or ApiError, which `faults.ts` turns into the service's JSON.
 * - HEAD is answered wherever GET is.
 */
import type { Requester, Role, TokenScope } from "@nova-agent/host";
import type * as z from "zod/mini";
import { type Caller, requireCaller, requireRole } from "./context/caller.ts";
import type { Reach } from "./context/reach.ts";
import type { FaultStyle } from "./faults.ts";
import type { Microversion, MicroversionRange } from "./microversion.ts";
import { parseInput } from "./parse-input.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who may call a route: anybody, the owner of any token, or who has a role in the token's project. */
export type Access = "anyone" | "token" | Role;

/** What a route answers. A body is sent as JSON, a stream as it is; without either the answer is empty. */
export interface RouteReply {
  readonly status?: number;
  readonly body?: unknown;
  /** Its `Content-Type` is in the headers. It is cancelled when the client hangs up. */
  readonly stream?: ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What every handler gets of its request. */
export interface CallFacts {
  readonly requestId: string;
  /** 1 for services other than Compute. */
  readonly microversion: Microversion;
  /** Where clients reach this service, such as `http://127.0.0.1:8774/compute`. */
  readonly serviceUrl: string;
  /** The same without the service's prefix. */
  readonly origin: string;
  /** The peer's address, or "unknown". */
  readonly address: string;
  readonly headers: Headers;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
  readonly reach: Reach;
  /** Aborted when the server begins to close, for what would not end by itself. */
  readonly closing: AbortSignal | undefined;
  /** Ends the connection at once, for a client that does not read. */
  readonly hangUp: () => void;
}

/** A request as the table's dispatcher passes it on. */
export interface RawCall extends CallFacts {
  readonly caller: Caller | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

/** One row of a service's table. */
export interface Route {
  /** Of this operation alone, such as `changePassword`. */
  readonly name: string;
  readonly method: Method;
  /** Below the service's prefix. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly microversions: MicroversionRange;
  readonly action: string | undefined;
  readonly query: z.ZodMiniType | undefined;
  readonly body: z.ZodMiniType | undefined;
  /** Status of success. */
  readonly success: number;
  /** Checks who calls and with what, and carries it out. */
  run(call: RawCall): Promise<RouteReply>;
}

/** A service: its routes, and how it speaks. */
export interface Service {
  readonly name: string;
  readonly prefix: string;
  readonly faults: FaultStyle;
  readonly hasMicroversions: boolean;
  readonly routes: readonly Route[];
}

type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

interface Input<Path extends string, Query, Body> extends CallFacts {
  /** Of the path, decoded. */
  readonly params: Readonly<Record<ParamName<Path>, string>>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
}

interface Definition<Path extends string, Query, Body, Who> {
  readonly name: string;
  readonly method: Method;
  readonly path: Path;
  readonly summary: string;
  readonly microversions?: MicroversionRange;
  readonly action?: string;
  readonly query?: Query;
  readonly body?: Body;
  /** 200 without it. */
  readonly success?: number;
  readonly handle: (call: Input<Path, Query, Body> & Who) => RouteReply | Promise<RouteReply>;
}

type Schema = z.ZodMiniType;

/** Who has the role that a route needs. */
interface Authorized {
  readonly requester: Requester;
  readonly scope: TokenScope;
  readonly caller: Caller;
}

/** A route that needs a role in the token's project. */
export function route<
  const Path extends string,
  Query extends Schema = z.ZodMiniUndefined,
  Body extends Schema = z.ZodMiniUndefined,
>(definition: Definition<Path, Query, Body, Authorized> & { readonly role: Role }): Route {
  return build(definition, definition.role, (call) => {
    const caller = requireCaller(call.caller);
    const requester = requireRole(caller, definition.role, call.requestId);
    return { requester, scope: caller.scope, caller };
  });
}

/** A route for the owner of any valid token. */
export function tokenRoute<
  const Path extends string,
  Query extends Schema = z.ZodMiniUndefined,
  Body extends Schema = z.ZodMiniUndefined,
>(definition: Definition<Path, Query, Body, { readonly caller: Caller }>): Route {
  return build(definition, "token", (call) => ({ caller: requireCaller(call.caller) }));
}

/** A route for anybody. Its handler is told of a valid token all the same. */
export function openRoute<
  const Path extends string,
  Query extends Schema = z.ZodMiniUndefined,
  Body extends Schema = z.ZodMiniUndefined,
>(definition: Definition<Path, Query, Body, { readonly caller: Caller | undefined }>): Route {
  return build(definition, "anyone", ({ caller }) => ({ caller }));
}

function build<Path extends string, Query extends Schema, Body extends Schema, Who>(
  definition: Definition<Path, Query, Body, Who>,
  access: Access,
  authorize: (call: RawCall) => Who,
): Route {
  const { name, method, path, summary, microversions = {}, action, query, body, success = 200 } = definition;
  return {
    name,
    method,
    path,
    summary,
    access,
    microversions,
    action,
    query,
    body,
    success,
    run: async (call) => {
      // Who may not do it learns nothing of what it takes.
      const who = authorize(call);
      const parsed = {
        ...call,
        query: query === undefined ? undefined : parseInput(query, call.query, "the query"),
        body: body === undefined ? undefined : parseInput(body, call.body, action ?? "the body"),
        ...who,
      };
      // The path's own names are its params: hono has matched them; a schema left out has no output.
      return await definition.handle(parsed as unknown as Input<Path, Query, Body> & Who);
    },
  };
}
