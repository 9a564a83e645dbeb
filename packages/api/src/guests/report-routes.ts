import { type GuestNodes, type GuestReport, type GuestSight, parseGuestReport } from "@nova-agent/host";
import { findServer } from "../compute/servers/load-servers.ts";
import { route, type Route } from "../route.ts";
import type { GuestsOptions } from "./guests-options.ts";

/** What guests tell of themselves: all of it is their own claim. */
export function reportRoutes(options: GuestsOptions): readonly Route[] {
  return [
    route({
      name: "showGuestReport",
      method: "GET",
      path: "/servers/:id/report",
      summary: "Show what a server's guest tells of itself: system, memory, volumes and addresses",
      role: "reader",
      handle: async ({ requester, params }) => {
        const { id } = await findServer(options, requester, params.id);
        return { body: { report: viewReport(await options.observation.look(id)) } };
      },
    }),
  ];
}

/** The report of a guest as it is seen; without a domain there is none. */
export function viewReport(sight: GuestSight | undefined): object {
  const nodes: GuestNodes = sight?.nodes ?? new Map<string, string>();
  return {
    ...viewFacts(parseGuestReport(nodes)),
    domid: sight?.domid ?? null,
    nodes: [...nodes].map(([path, value]) => ({ path, value })),
  };
}

function viewFacts(report: GuestReport): object {
  return {
    is_published: report.isPublished,
    os: report.os,
    kernel: report.kernel,
    memory: report.memory && { total_kib: report.memory.totalKib, free_kib: report.memory.freeKib },
    volumes: report.volumes.map(({ sizeBytes, freeBytes, ...volume }) => ({
      ...volume,
      size_bytes: sizeBytes,
      free_bytes: freeBytes,
    })),
    interfaces: report.interfaces,
    tools_version: report.toolsVersion,
    updated_at: report.updatedAt?.toISOString() ?? null,
  };
}
