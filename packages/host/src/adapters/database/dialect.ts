import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { SqlConnection, SqlConnections } from "./connections.ts";
import { storableText } from "./json.ts";
import { translateError } from "./translate-error.ts";

/** PostgreSQL's dialect over any connections to it; every error is a HostError. */
export class SqlDialect implements Dialect {
  readonly #connections: SqlConnections;

  constructor(connections: SqlConnections) {
    this.#connections = connections;
  }

  createDriver(): Driver {
    return new SqlDriver(this.#connections);
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(database: Kysely<unknown>): PostgresIntrospector {
    return new PostgresIntrospector(database);
  }
}

class SqlDriver implements Driver {
  readonly #connections: SqlConnections;

  constructor(connections: SqlConnections) {
    this.#connections = connections;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<LentConnection> {
    try {
      return new LentConnection(await this.#connections.acquire());
    } catch (error) {
      throw translateError(error);
    }
  }

  async beginTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin"));
  }

  async commitTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async releaseConnection(connection: LentConnection): Promise<void> {
    connection.release();
  }

  /** Whoever made the connections closes them. */
  async destroy(): Promise<void> {}
}

class LentConnection implements DatabaseConnection {
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const values = parameters.map((value) => (typeof value === "string" ? storableText(value) : value));
    try {
      const { rows, affectedRows } = await this.#connection.query(sql, values);
      // Each statement is built from the types of the tables, and these are what the migrations made.
      return { rows: rows as Row[], numAffectedRows: BigInt(affectedRows) };
    } catch (error) {
      throw translateError(error);
    }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new TypeError("Nothing here is streamed");
  }

  release(): void {
    this.#connection.release();
  }
}
