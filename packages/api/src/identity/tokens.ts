import type { IdentityRepository } from "@nova-agent/host";
import * as z from "zod/mini";
import type { Caller } from "../context/caller.ts";
import { ApiError } from "../errors.ts";
import { TOKEN_LIFETIME_MS, TOKEN_MAX_CHARACTERS } from "../limits.ts";
import { type CallFacts, openRoute, type Route, tokenRoute } from "../route.ts";
import { authRequest } from "./auth-request.ts";
import type { IssuedToken, TokenIssuer } from "./token-issuer.ts";
import { viewToken } from "./views.ts";

export interface TokenRoutesOptions {
  readonly identity: IdentityRepository;
  readonly tokens: TokenIssuer;
}

/** Flags count by being there, whatever their value. */
const noCatalog = z.object({ nocatalog: z.optional(z.unknown()) });

/** Getting, showing and ending tokens (keystone api-ref, "Authentication and token management"). */
export function tokenRoutes({ identity, tokens }: TokenRoutesOptions): readonly Route[] {
  const path = "/v3/auth/tokens";
  return [
    openRoute({
      name: "createToken",
      method: "POST",
      path,
      summary: "Authenticate, and get a token",
      query: noCatalog,
      body: authRequest,
      success: 201,
      handle: async ({ body: { auth }, query, ...call }) => {
        const issued = await tokens.issue(auth, { call, lifetimeMs: TOKEN_LIFETIME_MS });
        return {
          ...reply(issued, call.origin, query),
          headers: { "X-Subject-Token": issued.token, Vary: "X-Auth-Token" },
        };
      },
    }),
    tokenRoute({
      name: "showToken",
      method: "GET",
      path,
      summary: "Show a token of one's own",
      query: noCatalog,
      handle: async ({ caller, query, ...call }) => {
        const subject = await findSubject(identity, caller, call);
        return {
          ...reply(subject, call.origin, query),
          headers: { "X-Subject-Token": subject.token, Vary: "X-Auth-Token" },
        };
      },
    }),
    tokenRoute({
      name: "revokeToken",
      method: "DELETE",
      path,
      summary: "End a token of one's own",
      success: 204,
      handle: async ({ caller, ...call }) => {
        const { token } = await findSubject(identity, caller, call);
        await identity.revokeToken(token);
        return {};
      },
    }),
  ];
}

function reply(
  { token, scope }: IssuedToken,
  origin: string,
  query: { readonly nocatalog?: unknown },
): { readonly body: object } {
  return { body: { token: viewToken(scope, { token, origin, hasCatalog: !("nocatalog" in query) }) } };
}

/** The token that a request is about. Throws NOT_FOUND, also when it is somebody else's. */
async function findSubject(
  identity: IdentityRepository,
  caller: Caller,
  { headers }: Pick<CallFacts, "headers">,
): Promise<IssuedToken> {
  const token = headers.get("x-subject-token");
  if (token === null) throw new ApiError("BAD_REQUEST", "The header X-Subject-Token is missing");
  const scope = token.length > TOKEN_MAX_CHARACTERS ? undefined : await identity.findToken(token);
  if (scope?.user.id !== caller.scope.user.id) throw new ApiError("NOT_FOUND", "There is no such token");
  return { token, scope };
}
