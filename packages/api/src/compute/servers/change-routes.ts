import * as z from "zod/mini";
import { recordChange } from "../../record-change.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { displayName, nothing } from "../schemas.ts";
import { actionRoute } from "./action-route.ts";
import { findServer, loadServers } from "./load-servers.ts";
import { viewerOf } from "./server-routes.ts";
import { viewServer } from "./view-server.ts";

/** What changes a server itself, or ends it. */
export function changeRoutes(options: ComputeOptions): readonly Route[] {
  return [renameServer(options), deleteServer(options), forceDelete(options)];
}

function renameServer(options: ComputeOptions): Route {
  return route({
    name: "updateServer",
    method: "PUT",
    path: "/v2.1/servers/:id",
    summary: "Give a server another name; the guest keeps its hostname",
    role: "member",
    body: z.object({ server: z.object({ name: z.optional(displayName) }) }),
    handle: async (call) => {
      const before = await findServer(options, call.requester, call.params.id);
      const { name = before.name } = call.body.server;
      const { instances } = options.database;
      await instances.update(before.id, { name, updatedAt: options.now() });
      await recordChange(options, call.requester, { what: "updateServer", target: before.id });
      const [parts] = await loadServers(options, [await findServer(options, call.requester, before.id)]);
      return { body: { server: parts === undefined ? {} : viewServer(parts, viewerOf(call)) } };
    },
  });
}

function deleteServer(options: ComputeOptions): Route {
  return route({
    name: "deleteServer",
    method: "DELETE",
    path: "/v2.1/servers/:id",
    summary: "Delete a server, whatever is being done with it",
    role: "member",
    success: 204,
    handle: async ({ requester, params }) => {
      const { id } = await findServer(options, requester, params.id);
      await options.instances.remove(requester, id);
      return {};
    },
  });
}

/** Deleting is always this here: nothing is kept back to be restored. */
function forceDelete(options: ComputeOptions): Route {
  return actionRoute(options, {
    action: "forceDelete",
    summary: "Delete a server",
    body: nothing,
    carryOut: async ({ requester, id }) => {
      await options.instances.remove(requester, id);
      return {};
    },
  });
}
