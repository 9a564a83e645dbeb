import {
  type ExpressionBuilder,
  type ExpressionWrapper,
  type Kysely,
  type SqlBool,
  expressionBuilder,
} from "kysely";
import { HostError } from "../../errors.ts";
import type { InstanceFilter, InstanceSort } from "../../ports/repositories.ts";
import type { Tables } from "./tables.ts";

/** What a list is sorted by, with the id last: no two instances are at the same place. */
interface Order {
  readonly key: InstanceSort["key"] | "id";
  readonly direction: InstanceSort["direction"];
}

type Condition = ExpressionWrapper<Tables, "instance", SqlBool>;

/** The order of a list, and the condition for what is behind the filter's marker. */
export interface Page {
  readonly order: readonly Order[];
  readonly behind: Condition | undefined;
}

const NEWEST_FIRST: readonly InstanceSort[] = [{ key: "createdAt", direction: "desc" }];

/** Throws BAD_ARGUMENT when no instance of the filter's project has the marker's id. */
export async function pageOf(tables: Kysely<Tables>, filter: InstanceFilter): Promise<Page> {
  const sort = filter.sort === undefined || filter.sort.length === 0 ? NEWEST_FIRST : filter.sort;
  const order: readonly Order[] = [...sort, { key: "id", direction: sort.at(-1)?.direction ?? "desc" }];
  if (filter.marker === undefined) return { order, behind: undefined };
  let query = tables
    .selectFrom("instance")
    .select(["id", "createdAt", "updatedAt", "name", "vmState"])
    .where("id", "=", filter.marker);
  if (filter.projectId !== undefined) query = query.where("projectId", "=", filter.projectId);
  const marker = await query.executeTakeFirst();
  if (marker === undefined) {
    throw new HostError("BAD_ARGUMENT", `The marker "${filter.marker}" is no instance of this list`);
  }
  return { order, behind: behind(marker, order) };
}

/** Greater in one key, and equal in all before it. */
function behind(marker: Readonly<Record<Order["key"], string | Date>>, order: readonly Order[]): Condition {
  const build: ExpressionBuilder<Tables, "instance"> = expressionBuilder<Tables, "instance">();
  const cases = order.map(({ key, direction }, place) =>
    build.and([
      ...order.slice(0, place).map((before) => build(before.key, "=", marker[before.key])),
      build(key, direction === "asc" ? ">" : "<", marker[key]),
    ]),
  );
  return build.or(cases);
}
