import { type Kysely, type Migration, Migrator, sql } from "kysely";
import type { Tables } from "../tables.ts";
import { translateError } from "../translate-error.ts";
import { agentPresence } from "./agent-presence.ts";
import { credentialsOfUsers } from "./credentials-of-users.ts";
import { freePorts } from "./free-ports.ts";
import { initial } from "./initial.ts";

/**
 * Every change of the tables by its name; they are made in the order of the names. What was released once
 * is never edited: a later change gets a migration of its own.
 */
export const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  "0001-initial": initial,
  "0002-free-ports": freePorts,
  "0003-credentials-of-users": credentialsOfUsers,
  "0004-agent-presence": agentPresence,
};

/** The tables' version: the name of the last change. */
export const SCHEMA_VERSION = Object.keys(MIGRATIONS).toSorted().at(-1) ?? "";

/**
 * Makes the tables as this version wants them, all changes in one transaction; processes that start at the
 * same time wait for each other. Throws DATABASE_FAILED, also when a later version has been here.
 */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, texts]) => [name, statements(texts)]),
  );
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw translateError(error);
}

function statements(texts: readonly string[]): Migration {
  return {
    up: async (database) => {
      for (const text of texts) await sql.raw(text).execute(database);
    },
  };
}
