import { MICROVERSION_MAX, MICROVERSION_MIN } from "../microversion.ts";
import { openRoute, type Route } from "../route.ts";

/** What clients look for before they have a token (nova api-ref, "API Versions"). */
export function versionRoutes(): readonly Route[] {
  return [
    openRoute({
      name: "listComputeVersions",
      method: "GET",
      path: "/",
      summary: "List the versions of the Compute API",
      handle: ({ serviceUrl }) => ({ body: { versions: [viewVersion(serviceUrl)] } }),
    }),
    openRoute({
      name: "showComputeVersion",
      method: "GET",
      path: "/v2.1",
      summary: "Show version 2.1 of the Compute API",
      handle: ({ serviceUrl }) => ({
        body: {
          version: {
            ...viewVersion(serviceUrl),
            "media-types": [
              { base: "application/json", type: "application/vnd.openstack.compute+json;version=2.1" },
            ],
          },
        },
      }),
    }),
  ];
}

function viewVersion(serviceUrl: string): object {
  return {
    id: "v2.1",
    status: "CURRENT",
    version: `2.${MICROVERSION_MAX}`,
    min_version: `2.${MICROVERSION_MIN}`,
    updated: "2013-07-23T11:33:21Z",
    links: [{ rel: "self", href: `${serviceUrl}/v2.1/` }],
  };
}
