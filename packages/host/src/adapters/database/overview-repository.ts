import { type Kysely, sql } from "kysely";
import type {
  HourStatistics,
  KindStatistics,
  OperationHead,
  OperationStatistics,
  OverviewRepository,
  SlowOperation,
} from "../../ports/overview.ts";
import { SLOWEST_MAX } from "./limits.ts";
import type { Tables } from "./tables.ts";

// As the index of them has it.
const isUnfinished = sql<boolean>`state in ('queued', 'sent', 'taken')`;
const isFinished = sql<boolean>`state in ('done', 'failed', 'timedOut', 'late')`;

/** From the wish to its end, in milliseconds. */
const durationMs = sql<number>`(extract(epoch from updated_at - created_at) * 1000)::float8`;

const doneCount = sql<number>`(count(*) filter (where state = 'done'))::float8`;

/** Of how long those took that were done. */
function percentile(share: number) {
  return sql<number | null>`percentile_cont(${sql.lit(share)}) within group (order by ${durationMs})
    filter (where state = 'done')`;
}

/** What people look at of many instances at once. */
export class SqlOverviewRepository implements OverviewRepository {
  readonly #tables: Kysely<Tables>;

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables;
  }

  async newestUnfinished(instanceIds: readonly string[]): Promise<ReadonlyMap<string, OperationHead>> {
    const rows = await this.#tables
      .selectFrom("operation")
      .distinctOn("instanceId")
      .select(["id", "instanceId", "kind", "state", "attempts", "createdAt", "requestId"])
      .where(isUnfinished)
      .where(sql<boolean>`instance_id = any(${[...instanceIds]}::text[])`)
      .orderBy("instanceId")
      .orderBy("createdAt", "desc")
      .orderBy("id", "desc")
      .execute();
    return new Map(rows.map((row) => [row.instanceId, row]));
  }

  async unfinished(): Promise<{ readonly queued: number; readonly underWay: number }> {
    const { queued, whole } = await this.#tables
      .selectFrom("operation")
      .select([
        sql<number>`(count(*) filter (where state = 'queued'))::float8`.as("queued"),
        sql<number>`count(*)::float8`.as("whole"),
      ])
      .where(isUnfinished)
      .executeTakeFirstOrThrow();
    return { queued, underWay: whole - queued };
  }

  async operationsSince(date: Date): Promise<OperationStatistics> {
    const [byKind, byHour, slowest] = await Promise.all([
      this.#byKind(date),
      this.#byHour(date),
      this.#slowest(date),
    ]);
    return { byKind, byHour, slowest };
  }

  async #byKind(date: Date): Promise<readonly KindStatistics[]> {
    return this.#finishedSince(date)
      .select([
        "kind",
        doneCount.as("done"),
        sql<number>`(count(*) filter (where state = 'failed'))::float8`.as("failed"),
        sql<number>`(count(*) filter (where state in ('timedOut', 'late')))::float8`.as("timedOut"),
        percentile(0.5).as("medianMs"),
        percentile(0.95).as("p95Ms"),
      ])
      .groupBy("kind")
      .orderBy("kind")
      .execute();
  }

  async #byHour(date: Date): Promise<readonly HourStatistics[]> {
    const hour = sql<Date>`date_trunc('hour', created_at, 'UTC')`;
    return this.#finishedSince(date)
      .select([
        hour.as("at"),
        doneCount.as("done"),
        sql<number>`(count(*) filter (where state <> 'done'))::float8`.as("failed"),
      ])
      .groupBy(hour)
      .orderBy("at")
      .execute();
  }

  async #slowest(date: Date): Promise<readonly SlowOperation[]> {
    return this.#finishedSince(date)
      .select(["id", "kind", "instanceId", "state", "createdAt", durationMs.as("durationMs")])
      .select(sql<string | null>`(select name from instance where id = instance_id)`.as("instanceName"))
      .orderBy("durationMs", "desc")
      .orderBy("id")
      .limit(SLOWEST_MAX)
      .execute();
  }

  #finishedSince(date: Date) {
    const finished = this.#tables.selectFrom("operation").where(isFinished);
    // What was asked for since then has changed since then: that is what the index of states has.
    return finished.where("updatedAt", ">=", date).where("createdAt", ">=", date);
  }
}
