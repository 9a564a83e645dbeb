import type { Instance } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { METADATA_ITEMS_MAX } from "../limits.ts";
import { metadata as schema } from "../schemas.ts";
import { findServer } from "./load-servers.ts";

const path = "/v2.1/servers/:id/metadata";
const item = `${path}/:key` as const;

/** Text that users keep with a server, and its guest sees (nova api-ref, "Server metadata"). */
export function metadataRoutes(options: ComputeOptions): readonly Route[] {
  return [...wholeRoutes(options), ...itemRoutes(options)];
}

function wholeRoutes(options: ComputeOptions): readonly Route[] {
  const body = z.object({ metadata: schema });
  return [
    route({
      name: "listMetadata",
      method: "GET",
      path,
      summary: "Show the metadata of a server",
      role: "reader",
      handle: async ({ requester, params }) => {
        const { metadata } = await findServer(options, requester, params.id);
        return { body: { metadata } };
      },
    }),
    route({
      name: "updateMetadata",
      method: "POST",
      path,
      summary: "Set items of the metadata, and leave the others",
      role: "member",
      body,
      handle: async ({ requester, params, body: { metadata: changed } }) => {
        const { id, metadata: former } = await findServer(options, requester, params.id);
        assertFits({ ...former, ...changed });
        const change = { metadata: changed, isWhole: false };
        return { body: { metadata: await options.instances.setMetadata(requester, id, change) } };
      },
    }),
    route({
      name: "replaceMetadata",
      method: "PUT",
      path,
      summary: "Set the whole metadata",
      role: "member",
      body,
      handle: async ({ requester, params, body: { metadata } }) => {
        const { id } = await findServer(options, requester, params.id);
        const change = { metadata, isWhole: true };
        return { body: { metadata: await options.instances.setMetadata(requester, id, change) } };
      },
    }),
  ];
}

function itemRoutes(options: ComputeOptions): readonly Route[] {
  return [
    route({
      name: "showMetadataItem",
      method: "GET",
      path: item,
      summary: "Show an item of the metadata",
      role: "reader",
      handle: async ({ requester, params }) => {
        const { metadata } = await findServer(options, requester, params.id);
        return { body: { meta: { [params.key]: itemOf(metadata, params.key) } } };
      },
    }),
    route({
      name: "setMetadataItem",
      method: "PUT",
      path: item,
      summary: "Set an item of the metadata",
      role: "member",
      body: z.object({ meta: schema }),
      handle: async ({ requester, params, body: { meta } }) => {
        const { id, metadata: former } = await findServer(options, requester, params.id);
        if (Object.keys(meta).join() !== params.key) {
          throw new ApiError("BAD_REQUEST", "Request body and URI mismatch");
        }
        assertFits({ ...former, ...meta });
        await options.instances.setMetadata(requester, id, { metadata: meta, isWhole: false });
        return { body: { meta } };
      },
    }),
    deleteItem(options),
  ];
}

function deleteItem(options: ComputeOptions): Route {
  return route({
    name: "deleteMetadataItem",
    method: "DELETE",
    path: item,
    summary: "Remove an item of the metadata",
    role: "member",
    success: 204,
    handle: async ({ requester, params }) => {
      const { id, metadata } = await findServer(options, requester, params.id);
      itemOf(metadata, params.key);
      await options.instances.removeMetadata(requester, id, params.key);
      return {};
    },
  });
}

function itemOf(metadata: Instance["metadata"], key: string): string {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (value !== undefined) return value;
  throw new ApiError("NOT_FOUND", "Metadata item was not found");
}

/** Throws FORBIDDEN, as Nova does when a quota is exceeded. */
function assertFits(metadata: Instance["metadata"]): void {
  if (Object.keys(metadata).length <= METADATA_ITEMS_MAX) return;
  throw new ApiError("FORBIDDEN", `Maximum number of metadata items exceeds ${METADATA_ITEMS_MAX}`);
}
