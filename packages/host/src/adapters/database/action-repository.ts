import { type Kysely, type QueryCreator, sql } from "kysely";
import type { Action, ActionEvent } from "../../instances/instance.ts";
import type { ActionRepository } from "../../ports/repositories.ts";
import type { Requester } from "../../ports/requester.ts";
import { LIST_MAX } from "./limits.ts";
import type { Tables } from "./tables.ts";

/** What an action is read from. */
const COLUMNS = [
  "requestId",
  "instanceId",
  "action",
  "userId",
  "projectId",
  "startedAt",
  "updatedAt",
  "endedAt",
  "message",
] as const;

/** What was asked of instances, each with its events: a change of both is one statement. */
export class SqlActionRepository implements ActionRepository {
  readonly #tables: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(tables: Kysely<Tables>, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  async begin(
    { requestId, userId, projectId }: Requester,
    what: { readonly instanceId: string; readonly action: string },
  ): Promise<void> {
    const at = this.#now();
    const times = { startedAt: at, updatedAt: at, endedAt: null };
    const row = { requestId, userId, projectId, ...what, ...times, message: null };
    await this.#tables.insertInto("action").values(row).execute();
  }

  async beginEvent(requestId: string, event: string): Promise<void> {
    const startedAt = this.#now();
    const row = { requestId, event, startedAt, finishedAt: null, result: null, details: null };
    const begun = this.#tables.with("begun", (tables) => tables.insertInto("actionEvent").values(row));
    await touch(begun, requestId, startedAt);
  }

  async endEvent(
    requestId: string,
    {
      event,
      isSuccess,
      details,
    }: { readonly event: string; readonly isSuccess: boolean; readonly details?: string },
  ): Promise<void> {
    const finishedAt = this.#now();
    const ended = this.#tables.with("ended", (tables) =>
      tables
        .updateTable("actionEvent")
        .set({ finishedAt, result: isSuccess ? "Success" : "Error", details: details ?? null })
        .where("requestId", "=", requestId)
        .where("event", "=", event)
        .where("finishedAt", "is", null),
    );
    await touch(ended, requestId, finishedAt);
  }

  async end(requestId: string, message: string | null): Promise<void> {
    const at = this.#now();
    await this.#tables
      .with("ended", (tables) =>
        tables
          .updateTable("actionEvent")
          .set({ finishedAt: at, result: message === null ? "Success" : "Error", details: message })
          .where("requestId", "=", requestId)
          .where("finishedAt", "is", null),
      )
      .updateTable("action")
      .set({ updatedAt: at, endedAt: at, message })
      .where("requestId", "=", requestId)
      .where("endedAt", "is", null)
      .execute();
  }

  async list(instanceId: string): Promise<readonly Action[]> {
    const rows = await this.#tables
      .selectFrom("action")
      .select(COLUMNS)
      .where("instanceId", "=", instanceId)
      .orderBy("startedAt", "desc")
      .orderBy("requestId", "desc")
      .limit(LIST_MAX)
      .execute();
    return this.#withEvents(rows);
  }

  async find(instanceId: string, requestId: string): Promise<Action | undefined> {
    const rows = await this.#tables
      .selectFrom("action")
      .select(COLUMNS)
      .where("instanceId", "=", instanceId)
      .where("requestId", "=", requestId)
      .execute();
    const [action] = await this.#withEvents(rows);
    return action;
  }

  async unfinished(): Promise<readonly Action[]> {
    const rows = await this.#tables
      .selectFrom("action")
      .select(COLUMNS)
      .where("endedAt", "is", null)
      .orderBy("startedAt")
      .execute();
    return this.#withEvents(rows);
  }

  async #withEvents(rows: readonly Omit<Action, "events">[]): Promise<Action[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ requestId }) => requestId);
    const found = await this.#tables
      .selectFrom("actionEvent")
      .select(["requestId", "event", "startedAt", "finishedAt", "result", "details"])
      .where(sql<boolean>`request_id = any(${ids}::text[])`)
      .orderBy("serial")
      .execute();
    const events = new Map<string, ActionEvent[]>(ids.map((id) => [id, []]));
    for (const { requestId, ...event } of found) events.get(requestId)?.push(event);
    return rows.map((row) => ({ ...row, events: events.get(row.requestId) ?? [] }));
  }
}

async function touch(tables: QueryCreator<Tables>, requestId: string, updatedAt: Date): Promise<void> {
  await tables.updateTable("action").set({ updatedAt }).where("requestId", "=", requestId).execute();
}
