import type { IdentityRepository, Log } from "@nova-agent/host";
import { ApiError } from "../errors.ts";
import { type Route, tokenRoute } from "../route.ts";
import { viewCatalog } from "./catalog.ts";
import { tokenRoutes } from "./tokens.ts";
import { versionRoutes } from "./versions.ts";
import { viewProject, viewUser } from "./views.ts";

export interface IdentityOptions {
  readonly identity: IdentityRepository;
  readonly now: () => Date;
  readonly log: Log;
}

/** The routes of the Identity API, as far as clients of the other services need it. */
export function identityRoutes(options: IdentityOptions): readonly Route[] {
  return [...versionRoutes(), ...tokenRoutes(options), ...ownRoutes(options)];
}

/** What somebody may know of oneself. */
function ownRoutes({ identity }: IdentityOptions): readonly Route[] {
  return [
    tokenRoute({
      name: "showCatalog",
      method: "GET",
      path: "/v3/auth/catalog",
      summary: "List the services and where they are",
      handle: ({ origin, serviceUrl }) => ({
        body: { catalog: viewCatalog(origin), links: viewLinks(`${serviceUrl}/v3/auth/catalog`) },
      }),
    }),
    tokenRoute({
      name: "listOwnProjects",
      method: "GET",
      path: "/v3/auth/projects",
      summary: "List the projects that one has a role in",
      handle: async ({ caller, serviceUrl }) => ({
        body: await listProjects(identity, {
          userId: caller.scope.user.id,
          serviceUrl,
          path: "/v3/auth/projects",
        }),
      }),
    }),
    tokenRoute({
      name: "showOwnUser",
      method: "GET",
      path: "/v3/users/:id",
      summary: "Show oneself",
      handle: ({ caller: { scope }, params, serviceUrl }) => {
        requireOwn(scope.user.id, params.id);
        return { body: { user: viewUser(scope.user, serviceUrl) } };
      },
    }),
    tokenRoute({
      name: "listProjectsOfOwnUser",
      method: "GET",
      path: "/v3/users/:id/projects",
      summary: "List the projects that one has a role in",
      handle: async ({ caller: { scope }, params, serviceUrl }) => {
        requireOwn(scope.user.id, params.id);
        const path = `/v3/users/${scope.user.id}/projects`;
        return { body: await listProjects(identity, { userId: scope.user.id, serviceUrl, path }) };
      },
    }),
    tokenRoute({
      name: "showOwnProject",
      method: "GET",
      path: "/v3/projects/:id",
      summary: "Show a project that one has a role in",
      handle: async ({ caller, params, serviceUrl }) => {
        const project = (await identity.projectsOf(caller.scope.user.id)).find(({ id }) => id === params.id);
        if (project === undefined) throw new ApiError("NOT_FOUND", "There is no such project");
        return { body: { project: viewProject(project, serviceUrl) } };
      },
    }),
  ];
}

/** Throws FORBIDDEN. */
function requireOwn(ownId: string, id: string): void {
  if (ownId !== id) throw new ApiError("FORBIDDEN", "You may see no user but yourself");
}

async function listProjects(
  identity: IdentityRepository,
  {
    userId,
    serviceUrl,
    path,
  }: { readonly userId: string; readonly serviceUrl: string; readonly path: string },
): Promise<object> {
  const projects = await identity.projectsOf(userId);
  return {
    projects: projects.map((project) => viewProject(project, serviceUrl)),
    links: viewLinks(serviceUrl + path),
  };
}

/** Of a list that is always whole. */
function viewLinks(self: string): object {
  return { self, next: null, previous: null };
}
