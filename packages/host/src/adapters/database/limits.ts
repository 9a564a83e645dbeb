/** Every limit of the database, by name. */

/** How many callers may wait for the one connection of the embedded database. */
export const CONNECTION_QUEUE_MAX = 10_000;

/** How many connections to PostgreSQL are open at the same time. */
export const POSTGRES_CONNECTIONS_MAX = 10;

/** How long a connection to PostgreSQL is waited for, in milliseconds. */
export const POSTGRES_CONNECT_TIMEOUT_MS = 10_000;

/** How long PostgreSQL may take for one statement, in milliseconds. */
export const POSTGRES_STATEMENT_TIMEOUT_MS = 30_000;

/** How many rows a list has at most, unless fewer are asked for (nova.conf, max_limit). */
export const LIST_MAX = 1000;

/** How often the claim of a process that is gone is looked at again before giving up. */
export const LOCK_ATTEMPTS_MAX = 3;

/** How many instances that were deleted long ago are removed in one transaction, and events in one statement. */
export const HISTORY_REMOVED_AT_ONCE = 500;

/** Random bytes of a token. */
export const TOKEN_BYTES = 32;

/** How many rows of a backup are read or written by one statement. */
export const BACKUP_ROWS_AT_ONCE = 500;

/** Longest line of a backup, in characters: no row comes near it. */
export const BACKUP_LINE_MAX_CHARACTERS = 16_777_216;

/** How many of the operations that took longest are told of. */
export const SLOWEST_MAX = 10;
