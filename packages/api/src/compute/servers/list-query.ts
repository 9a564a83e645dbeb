import type { Instance, InstanceFilter, InstanceRepository, InstanceSort, Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import { PAGE_MAX } from "../../limits.ts";
import { STATUS_PAGES_MAX } from "../limits.ts";
import { count, flag, lastText, texts } from "../schemas.ts";
import { listRows, type RowFilter } from "./list-rows.ts";
import { viewStatus, vmStatesOf } from "./status.ts";

/** What of a list of servers is asked for (nova api-ref, "List Servers"). What is not known is not looked at. */
export const listQuery = z.looseObject({
  name: z.optional(lastText),
  status: z.optional(texts),
  image: z.optional(lastText),
  flavor: z.optional(lastText),
  "changes-since": z.optional(lastText),
  deleted: z.optional(flag),
  all_tenants: z.optional(flag),
  tenant_id: z.optional(lastText),
  project_id: z.optional(lastText),
  limit: z.optional(count),
  marker: z.optional(lastText),
  sort_key: z.optional(texts),
  sort_dir: z.optional(texts),
});

export type ListQuery = z.output<typeof listQuery>;

/** A page of a list, and whether there is more behind it. */
export interface InstancePage {
  readonly instances: readonly Instance[];
  readonly hasMore: boolean;
}

/** Nova's names of what lists are sorted by, and ours; it takes any column of its table. */
const sortKeys: ReadonlyMap<string, InstanceSort["key"]> = new Map([
  ["created_at", "createdAt"],
  ["updated_at", "updatedAt"],
  ["display_name", "name"],
  ["name", "name"],
  ["vm_state", "vmState"],
  ["status", "vmState"],
]);

type WantedRows = Omit<RowFilter, "limit" | "marker">;

/** Reads one page of the list. Throws BAD_REQUEST, and FORBIDDEN for what operators alone may ask for. */
export async function readPage(
  instances: InstanceRepository,
  query: ListQuery,
  requester: Requester,
): Promise<InstancePage> {
  const limit = Math.min(query.limit ?? PAGE_MAX, PAGE_MAX);
  const statuses = query.status?.map((status) => status.toUpperCase());
  const filter = { ...filterOf(query, requester), ...statesOf(statuses, requester) };
  const found: Instance[] = [];
  let marker = query.marker;
  const size = statuses === undefined ? Math.min(limit + 1, PAGE_MAX) : PAGE_MAX;
  for (let page = 0; page < STATUS_PAGES_MAX; page += 1) {
    const rows = await listRows(instances, { ...filter, marker, limit: size });
    // A task shows in the status, but is no state of its own that rows are chosen by.
    found.push(...rows.filter((row) => statuses?.includes(viewStatus(row)) !== false));
    marker = rows.at(-1)?.id;
    if (found.length > limit || rows.length < size) break;
  }
  return { instances: found.slice(0, limit), hasMore: found.length > limit };
}

function filterOf(query: ListQuery, requester: Requester): WantedRows {
  const isAdmin = requester.roles.includes("admin");
  if (query.all_tenants === true && !isAdmin) {
    throw new ApiError("FORBIDDEN", "Servers of all projects are listed to administrators alone");
  }
  const ofProject = query.project_id ?? query.tenant_id;
  return {
    projectId: query.all_tenants === true ? ofProject : requester.projectId,
    name: query.name,
    imageId: query.image,
    flavorId: query.flavor,
    changedSince: timeOf(query["changes-since"]),
    which: whichOf(query, isAdmin),
    sort: sortOf(query),
  };
}

/** To be deleted is a change too: who asks for changes learns of it. */
function whichOf(query: ListQuery, isAdmin: boolean): RowFilter["which"] {
  if (isAdmin && query.deleted !== undefined) return query.deleted ? "deleted" : "present";
  return query["changes-since"] === undefined ? "present" : "all";
}

function statesOf(
  statuses: readonly string[] | undefined,
  requester: Requester,
): Pick<InstanceFilter, "vmStates"> & Partial<Pick<WantedRows, "which">> {
  if (statuses === undefined) return {};
  if (!statuses.includes("DELETED")) return { vmStates: statuses.flatMap(vmStatesOf) };
  if (requester.roles.includes("admin")) return { vmStates: statuses.flatMap(vmStatesOf), which: "deleted" };
  throw new ApiError("FORBIDDEN", "Only administrators may list deleted instances");
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const isTime =
    /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/.test(text);
  // Without a zone it is UTC.
  const hasZone = /(?:Z|[T ].*[+-]\d{2}:?\d{2})$/.test(text);
  const time = new Date(hasZone ? text : `${text.includes(":") ? text : `${text}T00:00`}Z`);
  if (isTime && !Number.isNaN(time.getTime())) return time;
  throw new ApiError(
    "BAD_REQUEST",
    "Invalid input for changes-since. Expected a time such as 2026-01-31T12:00:00Z",
  );
}

function sortOf({ sort_key: keys = [], sort_dir: directions = [] }: ListQuery): readonly InstanceSort[] {
  return keys.map((name, index) => {
    const key = sortKeys.get(name);
    if (key === undefined) {
      const known = [...sortKeys.keys()].join(", ");
      throw new ApiError("BAD_REQUEST", `Invalid input for sort_key. Expected one of ${known}`);
    }
    const direction = directions[index] ?? directions.at(-1) ?? "desc";
    if (direction === "asc" || direction === "desc") return { key, direction };
    throw new ApiError("BAD_REQUEST", "Invalid input for sort_dir. Expected asc or desc");
  });
}
