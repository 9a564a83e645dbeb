import type { Instance, InstanceFilter, InstanceRepository, InstanceSort } from "@nova-agent/host";

/** A filter that may ask for instances whether they are deleted or not. */
export interface RowFilter extends Omit<InstanceFilter, "isDeleted"> {
  readonly which: "present" | "deleted" | "all";
  readonly limit: number;
}

/** The first rows of a list. */
export async function listRows(
  instances: InstanceRepository,
  { which, ...filter }: RowFilter,
): Promise<readonly Instance[]> {
  if (which !== "all") return instances.list({ ...filter, isDeleted: which === "deleted" });
  const [present, deleted] = await Promise.all([
    instances.list({ ...filter, isDeleted: false }),
    instances.list({ ...filter, isDeleted: true }),
  ]);
  // The first rows of both together are among the first rows of each.
  const rows = [...present, ...deleted].toSorted((left, right) => compare(left, right, filter.sort));
  return rows.slice(0, filter.limit);
}

/** In the order in which the repository lists them. */
function compare(left: Instance, right: Instance, sort: readonly InstanceSort[] = []): number {
  const keys = sort.length === 0 ? [{ key: "createdAt", direction: "desc" } as const] : sort;
  const byId = { key: "id", direction: keys.at(-1)?.direction ?? "desc" } as const;
  for (const { key, direction } of [...keys, byId]) {
    const [a, b] = [left[key].valueOf(), right[key].valueOf()];
    if (a !== b) return a < b === (direction === "asc") ? -1 : 1;
  }
  return 0;
}
