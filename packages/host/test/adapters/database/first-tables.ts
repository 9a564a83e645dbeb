import { CamelCasePlugin, Kysely, Migrator, sql } from "kysely";
import type { SqlConnections } from "../../../src/adapters/database/connections.ts";
import { SqlDialect } from "../../../src/adapters/database/dialect.ts";
import { MIGRATIONS } from "../../../src/adapters/database/migrations/index.ts";
import { hashPassword } from "../../../src/adapters/database/password-hash.ts";

const FIRST = "0001-initial";

export const PASSWORD = "correct horse";

/** A row of every table, as the first version wrote them; `$1` is the hash of the password. */
const rows = [
  "insert into project values ('p', 'web', true)",
  `insert into "user" values ('u', 'ada', true, 'p', $1)`,
  "insert into role_grant values ('u', 'p', 'member')",
  "insert into credential values ('c', 'ci', 'u', 'p', '[\"member\"]', null, '\\x0102')",
  "insert into token values ('\\x03', 'u', 'p', '[]', '[\"password\"]', '2026-01-02Z', '2126-01-02Z')",
  "insert into image values ('i', 'debian', true, false, 'debian', 'linux', 1, 2, '2026-01-02Z')",
  "insert into flavor values ('f', 'small', 1, 512, 10)",
  `insert into network values ('n', null, 'public', 'xenbr0', '192.0.2.0/24', null, '192.0.2.1', null,
    '["192.0.2.53"]', '[]')`,
  "insert into key_pair values ('u', 'key', 'ssh-ed25519 AAAA', '00:11', '2026-01-02Z')",
  `insert into instance values ('s', 'p', 'u', 'web-1', 'web-1', 'i', 'f', null, 'active', null, 100, null,
    '{"camelCase key": "value"}', '3.0.0', null, null, '2026-01-02Z', '2026-01-02Z', '2026-01-02Z', null)`,
  "insert into port values ('v', 's', 'n', '00:16:3e:00:00:01', 0)",
  "insert into fixed_ip values ('n', '192.0.2.5', 'v', 24, 0)",
  `insert into operation values ('o', 's', 'password', 'req', 'u', 'p', 'queued', 1, '2026-01-02Z', '2026-01-02Z',
    '2026-01-03Z', null, null, null, '\\x04')`,
  "insert into operation_event values (default, 'o', '2026-01-02Z', 'queued', 'Waits for its turn')",
  "insert into action values ('req', 's', 'create', 'u', 'p', '2026-01-02Z', '2026-01-02Z', null, null)",
  "insert into action_event values (default, 'req', 'compute_create', '2026-01-02Z', null, null, null)",
  "insert into audit values (default, '2026-01-02Z', 'u', 'p', 'req', 'create', 's', 'done')",
];

/** Makes the tables as the first version did, with a row in each. */
export async function makeFirstTables(connections: SqlConnections): Promise<void> {
  const database = new Kysely<unknown>({
    dialect: new SqlDialect(connections),
    plugins: [new CamelCasePlugin()],
  });
  const migrator = new Migrator({
    db: database,
    provider: {
      getMigrations: async () => ({
        [FIRST]: {
          up: async (tables: Kysely<unknown>) => {
            for (const text of MIGRATIONS[FIRST] ?? []) await sql.raw(text).execute(tables);
          },
        },
      }),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  const hash = await hashPassword(PASSWORD);
  for (const text of rows) await query(connections, text.replace("$1", `'${hash}'`));
}

/** All rows of all tables but the migrations' own, as JSON. */
export async function readTables(
  connections: SqlConnections,
): Promise<ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>> {
  const named = await query(
    connections,
    "select tablename from pg_tables where schemaname = current_schema() and tablename not like 'kysely_%'",
  );
  const tables = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const { tablename } of named) {
    const found = await query(connections, `select to_jsonb(t) as row from "${String(tablename)}" t`);
    tables.set(
      String(tablename),
      found.map(({ row }) => row as Readonly<Record<string, unknown>>),
    );
  }
  return tables;
}

async function query(
  connections: SqlConnections,
  text: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await connections.acquire();
  try {
    return (await connection.query(text, [])).rows as readonly Readonly<Record<string, unknown>>[];
  } finally {
    connection.release();
  }
}
