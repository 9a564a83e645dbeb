import { type Kysely, sql } from "kysely";
import type { VmState } from "../../instances/instance.ts";
import type { OperationKind, OperationState } from "../../ledger/operation.ts";
import type { Tables } from "./tables.ts";

const count = sql<number>`count(*)::float8`.as("count");

/** How much there is of what. */
export class SqlStatistics {
  readonly #tables: Kysely<Tables>;

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables;
  }

  /** Resolves when the database answers. Throws DATABASE_FAILED. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#tables);
  }

  /** The operations in the ledger; a kind and state of which there are none is not listed. */
  async operations(): Promise<
    readonly { readonly kind: OperationKind; readonly state: OperationState; readonly count: number }[]
  > {
    return this.#tables
      .selectFrom("operation")
      .select(["kind", "state", count])
      .groupBy(["kind", "state"])
      .execute();
  }

  /** The instances that are not deleted; a state in which there are none is not listed. */
  async instances(): Promise<readonly { readonly vmState: VmState; readonly count: number }[]> {
    return this.#tables
      .selectFrom("instance")
      .select(["vmState", count])
      .where("deletedAt", "is", null)
      .groupBy("vmState")
      .execute();
  }
}
