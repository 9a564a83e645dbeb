import { type Kysely, type Transaction, sql } from "kysely";
import { HostError } from "../../errors.ts";
import { BACKUP_ROWS_AT_ONCE } from "./limits.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import type { Tables } from "./tables.ts";

/**
 * What is kept of each table, whoever is referred to first. Tokens are left out: they last an hour, and one
 * that was revoked since must not come back. So is what is sealed: an operation that was under way is not
 * carried out by a copy of the ledger.
 */
const kept: readonly KeptTable[] = [
  { name: "project" },
  { name: "user" },
  { name: "role_grant" },
  { name: "credential" },
  { name: "image" },
  { name: "flavor" },
  { name: "network" },
  { name: "key_pair" },
  { name: "instance" },
  { name: "port" },
  { name: "fixed_ip" },
  { name: "operation", without: "sealed" },
  { name: "operation_event", serial: "serial" },
  { name: "action" },
  { name: "action_event", serial: "serial" },
  { name: "audit", serial: "serial" },
];

interface KeptTable {
  readonly name: string;
  /** A column that is not kept. */
  readonly without?: string;
  /** A column that the database numbers by itself. */
  readonly serial?: string;
}

/** A row as JSON, and whose it is. */
export interface TableRow {
  readonly table: string;
  readonly row: unknown;
}

/** What a database holds, as of one moment. */
export interface RowsHeader {
  readonly schema: string;
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Takes rows one batch after the other. */
export interface RowsReceiver {
  begin(header: RowsHeader): Promise<void>;
  add(rows: readonly TableRow[]): Promise<void>;
}

/** All rows of all tables, out of a database and into an empty one. */
export class TableRows {
  readonly #tables: Kysely<Tables>;

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables;
  }

  /** Hands everything over as it is at one moment. The embedded database serves nobody else meanwhile. */
  async readAll(receiver: RowsReceiver): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      await sql`set transaction isolation level repeatable read, read only`.execute(transaction);
      const counts: Record<string, number> = {};
      for (const table of kept) counts[table.name] = await countRows(transaction, table);
      await receiver.begin({ schema: SCHEMA_VERSION, counts });
      for (const table of kept) await readTable(transaction, table, receiver);
    });
  }

  /**
   * Puts everything that `rows` gives into the database; nothing of it when `rows` throws. Throws
   * DATABASE_NOT_EMPTY.
   */
  async fill(rows: AsyncIterable<readonly TableRow[]>): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      await assertEmpty(transaction);
      for await (const batch of rows) await insertBatch(transaction, batch);
      for (const table of kept) await advanceSerial(transaction, table);
    });
  }
}

/** The tables that backups keep. */
export const KEPT_TABLES: readonly string[] = kept.map(({ name }) => name);

/** Whether a table of this name is kept in backups. */
export function isKept(name: string): boolean {
  return KEPT_TABLES.includes(name);
}

async function countRows(transaction: Transaction<Tables>, { name }: KeptTable): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::float8 as count from ${sql.table(name)}`.execute(transaction);
  return rows[0]?.count ?? 0;
}

async function readTable(
  transaction: Transaction<Tables>,
  { name, without }: KeptTable,
  receiver: RowsReceiver,
): Promise<void> {
  const table = sql.table(name);
  const row = without === undefined ? sql`to_jsonb(t)` : sql`to_jsonb(t) - ${sql.lit(without)}`;
  await sql`declare kept_rows no scroll cursor for select ${row} as kept from ${table} as t`.execute(
    transaction,
  );
  for (;;) {
    const fetched = sql<{ kept: unknown }>`fetch ${sql.lit(BACKUP_ROWS_AT_ONCE)} from kept_rows`;
    const { rows } = await fetched.execute(transaction);
    if (rows.length === 0) break;
    await receiver.add(rows.map((fetchedRow) => ({ table: name, row: fetchedRow.kept })));
  }
  await sql`close kept_rows`.execute(transaction);
}

/** Nobody else writes between the look and the end of the transaction. */
async function assertEmpty(transaction: Transaction<Tables>): Promise<void> {
  for (const { name } of kept) {
    const table = sql.table(name);
    await sql`lock table ${table} in share row exclusive mode`.execute(transaction);
    const { rows } = await sql`select 1 from ${table} limit 1`.execute(transaction);
    if (rows.length > 0) {
      const message = `The database is not empty: there are rows in "${name}". Restore into a new one`;
      throw new HostError("DATABASE_NOT_EMPTY", message);
    }
  }
}

async function insertBatch(transaction: Transaction<Tables>, batch: readonly TableRow[]): Promise<void> {
  const byTable = new Map<string, unknown[]>();
  for (const { table, row } of batch) byTable.set(table, [...(byTable.get(table) ?? []), row]);
  for (const [name, rows] of byTable) {
    const table = sql.table(name);
    await sql`insert into ${table} overriding system value
      select * from jsonb_populate_recordset(null::${table}, ${JSON.stringify(rows)}::jsonb)`.execute(
      transaction,
    );
  }
}

async function advanceSerial(transaction: Transaction<Tables>, { name, serial }: KeptTable): Promise<void> {
  if (serial === undefined) return;
  const column = sql.ref(serial);
  await sql`select setval(pg_get_serial_sequence(${sql.lit(name)}, ${sql.lit(serial)}),
    coalesce(max(${column}), 1), max(${column}) is not null) from ${sql.table(name)}`.execute(transaction);
}
