import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { CamelCasePlugin, Kysely } from "kysely";
import { HostError } from "../../errors.ts";
import { type ProcessLock, acquireLock } from "../../node/process-lock.ts";
import type { IdentityRepository } from "../../ports/identity.ts";
import type {
  ActionRepository,
  AuditRepository,
  InstanceRepository,
  InventoryRepository,
  OperationRepository,
} from "../../ports/repositories.ts";
import { SqlActionRepository } from "./action-repository.ts";
import { SqlAuditRepository } from "./audit-repository.ts";
import type { SqlConnections } from "./connections.ts";
import { SqlDialect } from "./dialect.ts";
import { SqlIdentityRepository } from "./identity-repository.ts";
import { SqlInstanceRepository } from "./instance-repository.ts";
import { SqlInventoryRepository } from "./inventory-repository.ts";
import { LOCK_ATTEMPTS_MAX } from "./limits.ts";
import { migrate } from "./migrations/index.ts";
import { SqlOperationRepository } from "./operation-repository.ts";
import { PgliteConnections } from "./pglite-connections.ts";
import { PostgresConnections } from "./postgres-connections.ts";
import { SqlStatistics } from "./statistics.ts";
import { TableRows } from "./table-rows.ts";
import type { Tables } from "./tables.ts";
import { translateError } from "./translate-error.ts";

/**
 * Which database: the embedded one in a directory (in memory when that is undefined), which one process
 * has at a time, or a PostgreSQL server (postgresql://…; a socket's directory as `?host=/run/postgresql`).
 */
export type DatabasePlace =
  | { readonly kind: "pglite"; readonly directory: string | undefined }
  | { readonly kind: "postgres"; readonly url: string };

export type DatabaseOptions = DatabasePlace & {
  /** The system's time unless given. */
  readonly now?: (() => Date) | undefined;
};

/** All that the host side keeps. */
export interface Database {
  readonly instances: InstanceRepository;
  readonly operations: OperationRepository;
  readonly actions: ActionRepository;
  readonly identity: IdentityRepository;
  readonly inventory: InventoryRepository;
  readonly audit: AuditRepository;
  readonly statistics: SqlStatistics;
  /** All of it at once, for backups. */
  readonly rows: TableRows;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens the database and brings its tables up to date. Throws a HostError: DATABASE_BUSY when another
 * process has the directory, otherwise DATABASE_FAILED.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const now = options.now ?? (() => new Date());
  const connections = await connect(options);
  // Keys inside of JSON are data.
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  const tables = new Kysely<Tables>({ dialect: new SqlDialect(connections), plugins });
  try {
    await migrate(tables);
  } catch (error) {
    await connections.close();
    throw error;
  }
  return {
    instances: new SqlInstanceRepository(tables, now),
    operations: new SqlOperationRepository(tables, now),
    actions: new SqlActionRepository(tables, now),
    identity: new SqlIdentityRepository(tables, now),
    inventory: new SqlInventoryRepository(tables),
    audit: new SqlAuditRepository(tables),
    statistics: new SqlStatistics(tables),
    rows: new TableRows(tables),
    close: () => connections.close(),
  };
}

async function connect(place: DatabasePlace): Promise<SqlConnections> {
  try {
    if (place.kind === "postgres") return new PostgresConnections(place.url);
    if (place.directory === undefined) return new PgliteConnections(await PGlite.create());
    return await openDirectory(place.directory);
  } catch (error) {
    throw translateError(error);
  }
}

/** The claim is given up when the database is closed, and by the death of the process. */
async function openDirectory(directory: string): Promise<SqlConnections> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(join(directory, "lock"), {
    attemptsMax: LOCK_ATTEMPTS_MAX,
    busy: (holder) => new HostError("DATABASE_BUSY", `${holder} has the database in ${directory} open`),
  });
  try {
    const embedded = new PgliteConnections(await PGlite.create(join(directory, "data")));
    return { acquire: () => embedded.acquire(), close: () => closeAll(embedded, lock) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function closeAll(connections: SqlConnections, lock: ProcessLock): Promise<void> {
  try {
    await connections.close();
  } finally {
    await lock.release();
  }
}
