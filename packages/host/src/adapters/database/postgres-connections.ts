import { Pool } from "pg";
import type { SqlConnection, SqlConnections } from "./connections.ts";
import {
  POSTGRES_CONNECTIONS_MAX,
  POSTGRES_CONNECT_TIMEOUT_MS,
  POSTGRES_STATEMENT_TIMEOUT_MS,
} from "./limits.ts";

/** Connections to a PostgreSQL server. */
export class PostgresConnections implements SqlConnections {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: POSTGRES_CONNECTIONS_MAX,
      connectionTimeoutMillis: POSTGRES_CONNECT_TIMEOUT_MS,
      statement_timeout: POSTGRES_STATEMENT_TIMEOUT_MS,
    });
    // An idle connection that breaks is taken out of the pool, and whoever asks next gets a new one. Without
    // a listener it would end the process.
    this.#pool.on("error", () => undefined);
  }

  async acquire(): Promise<SqlConnection> {
    const client = await this.#pool.connect();
    return {
      query: async (text, values) => {
        const { rows, rowCount } = await client.query<Record<string, unknown>>(text, [...values]);
        return { rows, affectedRows: rowCount ?? 0 };
      },
      release: () => client.release(),
    };
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }
}
