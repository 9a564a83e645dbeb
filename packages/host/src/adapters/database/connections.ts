/** What a statement gave. */
export interface StatementResult {
  readonly rows: readonly unknown[];
  /** How many rows it inserted, changed or removed; zero for others. */
  readonly affectedRows: number;
}

/** A connection that one caller has for itself. */
export interface SqlConnection {
  query(text: string, values: readonly unknown[]): Promise<StatementResult>;
  /** Gives it back. */
  release(): void;
}

/** Where the connections to a database come from. */
export interface SqlConnections {
  acquire(): Promise<SqlConnection>;
  /** Closes them all; whoever asks afterwards gets an error. */
  close(): Promise<void>;
}

/** Connections to a database that may not have its tables yet. */
export interface OpenedConnections {
  readonly connections: SqlConnections;
  /** To be called when all tables are there, before anything is put into them. */
  readonly onMigrated: () => Promise<void>;
}
