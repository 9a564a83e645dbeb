import type { IdentityRepository, Project } from "@nova-agent/host";
import { requireNoOtherSite } from "../context/own-page.ts";
import type { Reach } from "../context/reach.ts";
import { encodeNoSessionCookie, encodeSessionCookie } from "../context/session-cookie.ts";
import { ApiError } from "../errors.ts";
import type { IssuedToken, TokenIssuer } from "../identity/token-issuer.ts";
import { SESSION_LIFETIME_MS } from "../limits.ts";
import { type CallFacts, openRoute, type Route, type RouteReply, tokenRoute } from "../route.ts";
import { authByPassword, authByToken, projectRequest, sessionRequest } from "./session-request.ts";
import { viewSession } from "./view-session.ts";

export interface SessionRoutesOptions {
  readonly identity: IdentityRepository;
  readonly tokens: TokenIssuer;
}

/**
 * Sessions of browsers: a token in a cookie that no script sees. With the cookie, what changes something needs
 * the session's `csrf_token` in the header `X-CSRF-Token`; see `context/own-page.ts`.
 */
export function sessionRoutes(options: SessionRoutesOptions): readonly Route[] {
  return [createSession(options), showSession(options), deleteSession(options), changeProject(options)];
}

function createSession(options: SessionRoutesOptions): Route {
  const { identity, tokens } = options;
  return openRoute({
    name: "createSession",
    method: "POST",
    path: "/",
    summary: "Sign in, and get a session",
    body: sessionRequest,
    success: 201,
    handle: async ({ body, caller, ...call }) => {
      // Nobody is to sign another one in with a name of their own.
      requireNoOtherSite(call.reach);
      const lasts = { call, lifetimeMs: SESSION_LIFETIME_MS };
      const issued = await tokens.issue(authByPassword(body), lasts);
      if (caller?.hasSession === true) await identity.revokeToken(caller.token);
      const projects = await projectsOf(identity, issued);
      const [first] = projects;
      const isOfNone = issued.scope.project === undefined && first !== undefined;
      const own = isOfNone ? await moveTo(options, { issued, id: first.id, call }) : issued;
      return begin(own, { reach: call.reach, projects });
    },
  });
}

function showSession({ identity }: SessionRoutesOptions): Route {
  return tokenRoute({
    name: "showSession",
    method: "GET",
    path: "/",
    summary: "Show one's session",
    handle: async ({ caller }) => ({
      body: { session: viewSession(caller, await projectsOf(identity, caller)) },
    }),
  });
}

function deleteSession({ identity }: SessionRoutesOptions): Route {
  return tokenRoute({
    name: "deleteSession",
    method: "DELETE",
    path: "/",
    summary: "Sign out",
    success: 204,
    handle: async ({ caller, reach }) => {
      await identity.revokeToken(caller.token);
      return { headers: { "Set-Cookie": encodeNoSessionCookie(reach) } };
    },
  });
}

function changeProject(options: SessionRoutesOptions): Route {
  return tokenRoute({
    name: "changeProjectOfSession",
    method: "PUT",
    path: "/project",
    summary: "Go on in another project",
    body: projectRequest,
    handle: async ({ caller, body: { id }, ...call }) => {
      const projects = await projectsOf(options.identity, caller);
      // Without it the session would seem to be over.
      if (!projects.some((project) => project.id === id)) {
        throw new ApiError("NOT_FOUND", "There is no such project");
      }
      const issued = await moveTo(options, { issued: caller, id, call });
      return begin(issued, { reach: call.reach, projects });
    },
  });
}

/** A token for another project in place of one's own; it ends no later. */
async function moveTo(
  { identity, tokens }: SessionRoutesOptions,
  {
    issued: { token },
    id,
    call,
  }: { readonly issued: IssuedToken; readonly id: string; readonly call: CallFacts },
): Promise<IssuedToken> {
  const moved = await tokens.issue(authByToken(token, id), { call, lifetimeMs: SESSION_LIFETIME_MS });
  await identity.revokeToken(token);
  return moved;
}

function begin(
  issued: IssuedToken,
  { reach, projects }: { readonly reach: Reach; readonly projects: readonly Project[] },
): RouteReply {
  return {
    body: { session: viewSession(issued, projects) },
    headers: { "Set-Cookie": encodeSessionCookie(issued.token, reach) },
  };
}

/** Those that one may go on in. */
async function projectsOf(
  identity: IdentityRepository,
  { scope }: Pick<IssuedToken, "scope">,
): Promise<readonly Project[]> {
  const projects = await identity.projectsOf(scope.user.id);
  return projects.filter(({ isEnabled }) => isEnabled);
}
