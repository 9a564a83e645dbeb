import type { Requester } from "@nova-agent/host";
import { type CallFacts, route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { nextLink } from "../links.ts";
import { type InstancePage, listQuery, type ListQuery, readPage } from "./list-query.ts";
import { findServer, loadServers } from "./load-servers.ts";
import { type Viewer, viewServer, viewServerSummary } from "./view-server.ts";

/** Servers themselves, all but how they come to be (nova api-ref, "Servers"). */
export function serverRoutes(options: ComputeOptions): readonly Route[] {
  return [listServers(options), listServersDetailed(options), showServer(options)];
}

function listServers({ database }: ComputeOptions): Route {
  return route({
    name: "listServers",
    method: "GET",
    path: "/v2.1/servers",
    summary: "List the servers of a project by name",
    role: "reader",
    query: listQuery,
    handle: async (call) => {
      const page = await readPage(database.instances, call.query, call.requester);
      const viewer = viewerOf(call);
      const servers = page.instances.map((instance) => viewServerSummary(instance, viewer));
      return {
        body: { servers, ...viewNext(page, { url: `${call.serviceUrl}/v2.1/servers`, query: call.query }) },
      };
    },
  });
}

function listServersDetailed(options: ComputeOptions): Route {
  return route({
    name: "listServersDetailed",
    method: "GET",
    path: "/v2.1/servers/detail",
    summary: "List the servers of a project with everything of them",
    role: "reader",
    query: listQuery,
    handle: async (call) => {
      const page = await readPage(options.database.instances, call.query, call.requester);
      const viewer = viewerOf(call);
      const servers = (await loadServers(options, page.instances)).map((parts) => viewServer(parts, viewer));
      const url = `${call.serviceUrl}/v2.1/servers/detail`;
      return { body: { servers, ...viewNext(page, { url, query: call.query }) } };
    },
  });
}

function showServer(options: ComputeOptions): Route {
  return route({
    name: "showServer",
    method: "GET",
    path: "/v2.1/servers/:id",
    summary: "Show a server",
    role: "reader",
    handle: async (call) => {
      const instance = await findServer(options, call.requester, call.params.id);
      const parts = await loadServers(options, [instance]);
      return { body: { server: parts.map((part) => viewServer(part, viewerOf(call)))[0] } };
    },
  });
}

/** For whom a call shows servers. */
export function viewerOf({
  serviceUrl,
  microversion,
  requester,
}: Pick<CallFacts, "serviceUrl" | "microversion"> & { readonly requester: Requester }): Viewer {
  return { serviceUrl, microversion, isAdmin: requester.roles.includes("admin") };
}

function viewNext(
  { instances, hasMore }: InstancePage,
  { url, query }: { readonly url: string; readonly query: ListQuery },
): object {
  const last = instances.at(-1);
  if (!hasMore || last === undefined) return {};
  const { deleted, all_tenants: allTenants, ...plain } = query;
  const flags = {
    ...(deleted === true ? { deleted: 1 } : {}),
    ...(allTenants === true ? { all_tenants: 1 } : {}),
  };
  return { servers_links: [nextLink(url, { ...plain, ...flags }, last.id)] };
}
