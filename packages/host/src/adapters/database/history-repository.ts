import type { Kysely } from "kysely";
import type { HistoryRepository } from "../../ports/repositories.ts";
import { HISTORY_REMOVED_AT_ONCE } from "./limits.ts";
import type { Tables } from "./tables.ts";

/** What is over, and kept for a while. */
export class SqlHistoryRepository implements HistoryRepository {
  readonly #tables: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(tables: Kysely<Tables>, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  async removeDeletedBefore(date: Date): Promise<number> {
    let count = 0;
    // Some at a time: others wait for the one connection of the embedded database.
    for (;;) {
      const removed = await this.#tables
        .transaction()
        .execute((transaction) => removeInstances(transaction, date));
      count += removed;
      if (removed < HISTORY_REMOVED_AT_ONCE) return count;
    }
  }

  async removeAuditBefore(date: Date): Promise<number> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom("audit")
      .where("at", "<", date)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  async removeExpiredTokens(): Promise<number> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom("token")
      .where("expiresAt", "<=", this.#now())
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

async function removeInstances(transaction: Kysely<Tables>, date: Date): Promise<number> {
  const rows = await transaction
    .selectFrom("instance")
    .select("id")
    .where("deletedAt", "<", date)
    .limit(HISTORY_REMOVED_AT_ONCE)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await releasePorts(transaction, ids);
  const actions = await transaction
    .deleteFrom("action")
    .where("instanceId", "in", ids)
    .returning("requestId")
    .execute();
  const requestIds = [...new Set(actions.map(({ requestId }) => requestId))];
  for (let first = 0; first < requestIds.length; first += HISTORY_REMOVED_AT_ONCE) {
    await removeEvents(transaction, requestIds.slice(first, first + HISTORY_REMOVED_AT_ONCE));
  }
  await transaction.deleteFrom("instance").where("id", "in", ids).execute();
  return ids.length;
}

/** None has any, unless an earlier version left it. */
async function releasePorts(transaction: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  await transaction
    .deleteFrom("port")
    .where("instanceId", "in", ids)
    .where("projectId", "is", null)
    .execute();
  const free = { instanceId: null, index: null };
  await transaction.updateTable("port").set(free).where("instanceId", "in", ids).execute();
}

/** But those of a request that was about an instance which stays, too. */
async function removeEvents(transaction: Kysely<Tables>, requestIds: readonly string[]): Promise<void> {
  await transaction
    .deleteFrom("actionEvent")
    .where("requestId", "in", requestIds)
    .where("requestId", "not in", (build) =>
      build.selectFrom("action").select("requestId").where("requestId", "in", requestIds),
    )
    .execute();
}
