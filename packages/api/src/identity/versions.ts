import { openRoute, type Route } from "../route.ts";

/** What clients look for before they have a token (keystone api-ref, "API Discovery"). */
export function versionRoutes(): readonly Route[] {
  return [
    openRoute({
      name: "listIdentityVersions",
      method: "GET",
      path: "/",
      summary: "List the versions of the Identity API",
      success: 300,
      handle: ({ serviceUrl }) => ({ body: { versions: { values: [viewVersion(serviceUrl)] } } }),
    }),
    openRoute({
      name: "showIdentityVersion",
      method: "GET",
      path: "/v3",
      summary: "Show version 3 of the Identity API",
      handle: ({ serviceUrl }) => ({ body: { version: viewVersion(serviceUrl) } }),
    }),
  ];
}

function viewVersion(serviceUrl: string): object {
  return {
    id: "v3.14",
    status: "stable",
    updated: "2020-04-07T00:00:00Z",
    links: [{ rel: "self", href: `${serviceUrl}/v3/` }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  };
}
