import type { Image, InventoryRepository } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../errors.ts";
import { PAGE_MAX } from "../limits.ts";
import { openRoute, type Route, route } from "../route.ts";

/** `?name=`, `?id=` and paging; what else a client asks for (`sort`, `owner`) does not narrow the list. */
const imageFilter = z.object({
  name: z.optional(z.string()),
  /** One, or `in:` and several with commas between. */
  id: z.optional(z.string()),
  visibility: z.optional(z.string()),
  status: z.optional(z.string()),
  os_hidden: z.optional(z.string()),
  limit: z.optional(z.string().check(z.regex(/^\d{1,6}$/u, "must be a number"))),
  marker: z.optional(z.string()),
});

/** As much of the Image API as clients of Compute need (glance api-ref, "Images"). */
export function imageRoutes({ inventory }: { readonly inventory: InventoryRepository }): readonly Route[] {
  return [
    openRoute({
      name: "listImageVersions",
      method: "GET",
      path: "/",
      summary: "List the versions of the Image API",
      success: 300,
      handle: ({ serviceUrl }) => ({ body: { versions: viewVersions(serviceUrl) } }),
    }),
    openRoute({
      name: "showImageVersions",
      method: "GET",
      path: "/versions",
      summary: "List the versions of the Image API",
      handle: ({ serviceUrl }) => ({ body: { versions: viewVersions(serviceUrl) } }),
    }),
    route({
      name: "listImages",
      method: "GET",
      path: "/v2/images",
      summary: "List images",
      role: "reader",
      query: imageFilter,
      handle: async ({ query }) => ({ body: viewPage(await inventory.images(), query) }),
    }),
    route({
      name: "showImage",
      method: "GET",
      path: "/v2/images/:id",
      summary: "Show an image",
      role: "reader",
      handle: async ({ params }) => {
        const image = await inventory.findImage(params.id);
        if (image === undefined) throw new ApiError("NOT_FOUND", `There is no image ${params.id}`);
        return { body: viewImage(image) };
      },
    }),
  ];
}

function viewVersions(serviceUrl: string): readonly object[] {
  return [{ id: "v2.9", status: "CURRENT", links: [{ rel: "self", href: `${serviceUrl}/v2/` }] }];
}

function viewPage(images: readonly Image[], filter: z.output<typeof imageFilter>): object {
  const found = images.filter((image) => isWanted(image, filter));
  const start = filter.marker === undefined ? 0 : found.findIndex(({ id }) => id === filter.marker) + 1;
  if (filter.marker !== undefined && start === 0)
    throw new ApiError("BAD_REQUEST", "There is no such marker");
  const limit = Math.min(Number(filter.limit ?? PAGE_MAX), PAGE_MAX);
  const page = found.slice(start, start + limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && start + page.length < found.length;
  return {
    images: page.map(viewImage),
    first: "/v2/images",
    schema: "/v2/schemas/images",
    ...(hasMore ? { next: `/v2/images?${nextQuery(filter, { marker: last.id, limit })}` } : {}),
  };
}

function nextQuery(
  filter: z.output<typeof imageFilter>,
  { marker, limit }: { readonly marker: string; readonly limit: number },
): string {
  const query = new URLSearchParams({ marker, limit: String(limit) });
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined && !query.has(name)) query.set(name, value);
  }
  return query.toString();
}

function isWanted(
  image: Image,
  { name, id, visibility, status, os_hidden }: z.output<typeof imageFilter>,
): boolean {
  const ids = id === undefined ? undefined : id.replace(/^in:/u, "").split(",");
  const isVisible = visibility === undefined || visibility === "public" || visibility === "all";
  // None is hidden, and all are active.
  const isOther = os_hidden?.toLowerCase() === "true" || (status !== undefined && status !== "active");
  return isVisible && !isOther && (name ?? image.name) === image.name && (ids?.includes(image.id) ?? true);
}

function viewImage({
  id,
  name,
  osType,
  isRescue,
  hasAgent,
  minDiskGib,
  minRamMib,
  createdAt,
}: Image): object {
  const time = createdAt.toISOString().replace(/\.\d+Z$/u, "Z");
  return {
    id,
    name,
    status: "active",
    visibility: "public",
    protected: true,
    os_hidden: false,
    owner: null,
    size: null,
    virtual_size: null,
    checksum: null,
    disk_format: "raw",
    container_format: "bare",
    min_disk: minDiskGib,
    min_ram: minRamMib,
    os_type: osType,
    // What Nova's driver knows it by, as text like every property of an image.
    xenapi_use_agent: hasAgent ? "true" : "false",
    image_type: isRescue ? "rescue" : "base",
    tags: [],
    created_at: time,
    updated_at: time,
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    schema: "/v2/schemas/image",
  };
}
