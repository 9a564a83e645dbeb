import type { Flavor } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import type { Microversion } from "../../microversion.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { viewLinks } from "../links.ts";
import { count, lastText } from "../schemas.ts";

/** What of a list of flavors is asked for. All flavors are public: is_public makes no difference. */
const listQuery = z.looseObject({
  minRam: z.optional(count),
  minDisk: z.optional(count),
  limit: z.optional(count),
  marker: z.optional(lastText),
});

/** A flavor with everything of it (nova api-ref, "Show Flavor Details"). */
export function viewFlavor(
  { id, name, vcpus, ramMib, diskGib }: Flavor,
  { serviceUrl, microversion }: { readonly serviceUrl: string; readonly microversion: Microversion },
): object {
  return {
    id,
    name,
    vcpus,
    ram: ramMib,
    disk: diskGib,
    // A number at last in version 2.75.
    swap: microversion >= 75 ? 0 : "",
    rxtx_factor: 1,
    "OS-FLV-EXT-DATA:ephemeral": 0,
    "OS-FLV-DISABLED:disabled": false,
    "os-flavor-access:is_public": true,
    links: viewLinks(serviceUrl, "flavors", id),
    ...(microversion >= 55 ? { description: null } : {}),
    ...(microversion >= 61 ? { extra_specs: {} } : {}),
  };
}

/** How much of a host servers have. */
export function flavorRoutes(options: ComputeOptions): readonly Route[] {
  return [listFlavors(options), listFlavorsDetailed(options), showFlavor(options), listExtraSpecs(options)];
}

function listFlavors({ database }: ComputeOptions): Route {
  return route({
    name: "listFlavors",
    method: "GET",
    path: "/v2.1/flavors",
    summary: "List the flavors by name",
    role: "reader",
    query: listQuery,
    handle: async ({ query, serviceUrl, microversion }) => {
      const flavors = chooseFlavors(await database.inventory.flavors(), query).map(({ id, name }) => ({
        id,
        name,
        links: viewLinks(serviceUrl, "flavors", id),
        ...(microversion >= 55 ? { description: null } : {}),
      }));
      return { body: { flavors } };
    },
  });
}

function listFlavorsDetailed({ database }: ComputeOptions): Route {
  return route({
    name: "listFlavorsDetailed",
    method: "GET",
    path: "/v2.1/flavors/detail",
    summary: "List the flavors with everything of them",
    role: "reader",
    query: listQuery,
    handle: async (call) => {
      const flavors = chooseFlavors(await database.inventory.flavors(), call.query);
      return { body: { flavors: flavors.map((flavor) => viewFlavor(flavor, call)) } };
    },
  });
}

function showFlavor(options: ComputeOptions): Route {
  return route({
    name: "showFlavor",
    method: "GET",
    path: "/v2.1/flavors/:id",
    summary: "Show a flavor",
    role: "reader",
    handle: async (call) => ({
      body: { flavor: viewFlavor(await findFlavor(options, call.params.id), call) },
    }),
  });
}

function listExtraSpecs(options: ComputeOptions): Route {
  return route({
    name: "listFlavorExtraSpecs",
    method: "GET",
    path: "/v2.1/flavors/:id/os-extra_specs",
    summary: "List the extra specs of a flavor: there are none",
    role: "reader",
    handle: async ({ params }) => {
      await findFlavor(options, params.id);
      return { body: { extra_specs: {} } };
    },
  });
}

async function findFlavor({ database }: ComputeOptions, id: string): Promise<Flavor> {
  const flavor = await database.inventory.findFlavor(id);
  if (flavor !== undefined) return flavor;
  throw new ApiError("NOT_FOUND", `Flavor ${id} could not be found.`);
}

function chooseFlavors(flavors: readonly Flavor[], query: z.output<typeof listQuery>): readonly Flavor[] {
  const { minRam = 0, minDisk = 0, marker, limit } = query;
  const after = marker === undefined ? -1 : flavors.findIndex(({ id }) => id === marker);
  if (marker !== undefined && after === -1) {
    throw new ApiError("BAD_REQUEST", `marker [${marker}] not found`);
  }
  const behind = flavors.slice(after + 1);
  const chosen = behind.filter(({ ramMib, diskGib }) => ramMib >= minRam && diskGib >= minDisk);
  return chosen.slice(0, limit);
}
