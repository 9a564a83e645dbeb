import { join } from "node:path";
import type { DatabasePlace } from "@nova-agent/host/database";
import { type Cleanup, findUnmetNeeds, startPostgres, temporaryDirectory } from "@nova-agent/testbed";

/** A database that is measured beside others. */
export interface BenchDatabase {
  readonly title: string;
  readonly place: DatabasePlace;
}

/**
 * An embedded database and one on a PostgreSQL server, both empty and both on disk as in production.
 * What this machine cannot run is left out by name.
 */
export async function openDatabases(cleanup: Cleanup): Promise<readonly BenchDatabase[]> {
  const directory = join(await temporaryDirectory(cleanup), "database");
  const embedded: BenchDatabase = { title: "PGlite", place: { kind: "pglite", directory } };
  const unmet = await findUnmetNeeds(["apt"]);
  if (unmet.length > 0) {
    console.log(`PostgreSQL is left out: it needs ${unmet.join(", ")}`);
    return [embedded];
  }
  const server = await startPostgres(cleanup, { isDurable: true });
  return [embedded, { title: "PostgreSQL", place: { kind: "postgres", url: await server.create("bench") } }];
}
