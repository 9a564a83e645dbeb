import type { PGlite } from "@electric-sql/pglite";
import { HostError } from "../../errors.ts";
import type { SqlConnection, SqlConnections } from "./connections.ts";
import { CONNECTION_QUEUE_MAX } from "./limits.ts";

/**
 * The one connection that PGlite has, lent to one caller after the other, first come first served: a
 * transaction has it for itself.
 */
export class PgliteConnections implements SqlConnections {
  readonly #pglite: PGlite;
  readonly #waiting: (() => void)[] = [];
  #isLent = false;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async acquire(): Promise<SqlConnection> {
    if (this.#waiting.length >= CONNECTION_QUEUE_MAX) {
      throw new HostError("DATABASE_FAILED", `${CONNECTION_QUEUE_MAX} callers wait for the database already`);
    }
    await this.#borrow();
    return {
      query: async (text, values) => {
        const { rows, affectedRows } = await this.#pglite.query(text, [...values]);
        return { rows, affectedRows: affectedRows ?? 0 };
      },
      release: () => this.#lendNext(),
    };
  }

  /** Waits for those who came before; what comes after gets PGlite's error. */
  async close(): Promise<void> {
    await this.#borrow();
    try {
      if (!this.#pglite.closed) await this.#pglite.close();
    } finally {
      this.#lendNext();
    }
  }

  async #borrow(): Promise<void> {
    if (this.#isLent) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isLent = true;
  }

  /** It stays lent when somebody waits, so that nobody gets in between. */
  #lendNext(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isLent = false;
    else next();
  }
}
