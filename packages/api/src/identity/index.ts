import type { IdentityRepository } from "@nova-agent/host";
import { ApiError } from "../errors.ts";
import { type Route, tokenRoute } from "../route.ts";
import { viewCatalog } from "./catalog.ts";
import { credentialRoutes } from "./credential-routes.ts";
import type { IdentityOptions } from "./identity-options.ts";
import { tokenRoutes } from "./tokens.ts";
import { versionRoutes } from "./versions.ts";
import { viewListLinks, viewProject, viewUser } from "./views.ts";
import { requireOwn } from "./require-own.ts";

/** The routes of the Identity API, as far as clients of the other services need it. */
export function identityRoutes(options: IdentityOptions): readonly Route[] {
  return [...versionRoutes(), ...tokenRoutes(options), ...ownRoutes(options), ...credentialRoutes(options)];
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
        body: { catalog: viewCatalog(origin), links: viewListLinks(`${serviceUrl}/v3/auth/catalog`) },
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
    links: viewListLinks(serviceUrl + path),
  };
}
