import { type Kysely, type Selectable, type Updateable, sql } from "kysely";
import {
  type Operation,
  type OperationEvent,
  type OperationState,
  isFinished,
} from "../../ledger/operation.ts";
import type { OperationFilter, OperationNote, OperationRepository } from "../../ports/repositories.ts";
import { storableJson } from "./json.ts";
import { LIST_MAX } from "./limits.ts";
import type { OperationTable, Tables } from "./tables.ts";

const FINISHED: readonly OperationState[] = ["done", "failed", "timedOut", "late"];

/** The ledger: a change of an operation and its line in the timeline are one statement. */
export class SqlOperationRepository implements OperationRepository {
  readonly #tables: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(tables: Kysely<Tables>, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  async insert({ timeline, error, ...operation }: Operation, sealed?: Uint8Array): Promise<void> {
    const kept = isFinished(operation) ? undefined : sealed;
    const row = { ...operation, error: error && storableJson(error), sealed: kept ?? null };
    const events = timeline.map((event) => ({ operationId: operation.id, ...event }));
    const inserted = this.#tables.insertInto("operation").values(row);
    if (events.length === 0) await inserted.execute();
    else {
      const withEvents = this.#tables.with("inserted", () => inserted).insertInto("operationEvent");
      await withEvents.values(events).execute();
    }
  }

  async note(id: string, { text, error, ...note }: OperationNote): Promise<void> {
    const at = this.#now();
    const set: Updateable<OperationTable> = { ...note, updatedAt: at };
    if (error !== undefined) set.error = storableJson(error);
    if (isFinished(note)) set.sealed = null;
    const ends = note.state === "late" ? FINISHED.filter((end) => end !== "timedOut") : FINISHED;
    await this.#tables
      .with("changed", (tables) =>
        tables
          .updateTable("operation")
          .set(set)
          .where("id", "=", id)
          .where("state", "not in", ends)
          .returning("id"),
      )
      .insertInto("operationEvent")
      .columns(["operationId", "at", "state", "text"])
      .expression((tables) =>
        tables
          .selectFrom("changed")
          .select([
            "changed.id",
            sql<Date>`${at}::timestamptz`.as("at"),
            sql<OperationState>`${note.state}::text`.as("state"),
            sql<string>`${text}::text`.as("text"),
          ]),
      )
      .execute();
  }

  async find(id: string): Promise<Operation | undefined> {
    const rows = await this.#selected().where("id", "=", id).execute();
    const [operation] = await this.#withTimelines(rows);
    return operation;
  }

  async list(filter: OperationFilter): Promise<readonly Operation[]> {
    const { instanceId, requestId, projectId, isFinished, limit } = filter;
    let query = this.#selected().orderBy("createdAt", "desc").orderBy("id", "desc");
    if (instanceId !== undefined) query = query.where("instanceId", "=", instanceId);
    if (requestId !== undefined) query = query.where("requestId", "=", requestId);
    if (projectId !== undefined) query = query.where("projectId", "=", projectId);
    if (isFinished !== undefined) query = query.where("state", isFinished ? "in" : "not in", FINISHED);
    return this.#withTimelines(await query.limit(Math.min(limit ?? LIST_MAX, LIST_MAX)).execute());
  }

  async sealedOf(id: string): Promise<Uint8Array | undefined> {
    const row = await this.#tables
      .selectFrom("operation")
      .select("sealed")
      .where("id", "=", id)
      .executeTakeFirst();
    return row?.sealed ?? undefined;
  }

  async removeFinishedBefore(date: Date): Promise<number> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom("operation")
      .where("state", "in", FINISHED)
      .where("updatedAt", "<", date)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  #selected() {
    return this.#tables
      .selectFrom("operation")
      .select([
        ...(["id", "instanceId", "kind", "requestId", "userId", "projectId", "state", "attempts"] as const),
        ...(["createdAt", "updatedAt", "deadlineAt", "returncode", "message", "error"] as const),
      ]);
  }

  async #withTimelines(rows: readonly Omit<Selectable<OperationTable>, "sealed">[]): Promise<Operation[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const events = await this.#tables
      .selectFrom("operationEvent")
      .select(["operationId", "at", "state", "text"])
      .where("operationId", "in", ids)
      .orderBy("serial")
      .execute();
    const timelines = new Map<string, OperationEvent[]>(ids.map((id) => [id, []]));
    for (const { operationId, ...event } of events) timelines.get(operationId)?.push(event);
    return rows.map((row) => ({ ...row, timeline: timelines.get(row.id) ?? [] }));
  }
}
