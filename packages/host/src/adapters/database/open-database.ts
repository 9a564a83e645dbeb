import { CamelCasePlugin, Kysely } from "kysely";
import type { IdentityRepository } from "../../ports/identity.ts";
import type { OverviewRepository } from "../../ports/overview.ts";
import type {
  ActionRepository,
  AuditRepository,
  HistoryRepository,
  InstanceRepository,
  InventoryRepository,
  OperationRepository,
} from "../../ports/repositories.ts";
import { SqlActionRepository } from "./action-repository.ts";
import { SqlAuditRepository } from "./audit-repository.ts";
import type { OpenedConnections } from "./connections.ts";
import { SqlDialect } from "./dialect.ts";
import { SqlHistoryRepository } from "./history-repository.ts";
import { SqlIdentityRepository } from "./identity-repository.ts";
import { SqlInstanceRepository } from "./instance-repository.ts";
import { SqlInventoryRepository } from "./inventory-repository.ts";
import { migrate } from "./migrations/index.ts";
import { type PglitePlace, openPglite } from "./open-pglite.ts";
import { SqlOperationRepository } from "./operation-repository.ts";
import { SqlOverviewRepository } from "./overview-repository.ts";
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
  | ({ readonly kind: "pglite" } & PglitePlace)
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
  readonly history: HistoryRepository;
  readonly statistics: SqlStatistics;
  readonly overview: OverviewRepository;
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
  const { connections, onMigrated } = await connect(options);
  // Keys inside of JSON are data.
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  const tables = new Kysely<Tables>({ dialect: new SqlDialect(connections), plugins });
  try {
    await migrate(tables);
    await onMigrated();
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
    history: new SqlHistoryRepository(tables, now),
    statistics: new SqlStatistics(tables),
    overview: new SqlOverviewRepository(tables),
    rows: new TableRows(tables),
    close: () => connections.close(),
  };
}

async function connect(place: DatabasePlace): Promise<OpenedConnections> {
  try {
    if (place.kind === "pglite") return await openPglite(place);
    return { connections: new PostgresConnections(place.url), onMigrated: async () => undefined };
  } catch (error) {
    throw translateError(error);
  }
}
