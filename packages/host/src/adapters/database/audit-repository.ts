import type { Kysely } from "kysely";
import type { AuditRepository, AuditRow } from "../../ports/repositories.ts";
import { LIST_MAX } from "./limits.ts";
import type { Tables } from "./tables.ts";

/** Who changed what, or tried to. */
export class SqlAuditRepository implements AuditRepository {
  readonly #tables: Kysely<Tables>;

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables;
  }

  async record(row: AuditRow): Promise<void> {
    await this.#tables.insertInto("audit").values(row).execute();
  }

  async list(filter: { readonly target?: string; readonly limit: number }): Promise<readonly AuditRow[]> {
    let query = this.#tables
      .selectFrom("audit")
      .select(["at", "userId", "projectId", "requestId", "what", "target", "outcome"])
      .orderBy("serial", "desc")
      .limit(Math.min(filter.limit, LIST_MAX));
    if (filter.target !== undefined) query = query.where("target", "=", filter.target);
    return query.execute();
  }
}
