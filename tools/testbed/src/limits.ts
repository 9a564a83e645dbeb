/** Every limit of this package, by name. */

/** How long one test may take unless it says otherwise. */
export const TEST_TIMEOUT_MS = 60_000;

/** How long a server may take from its start until it answers. */
export const READY_TIMEOUT_MS = 10_000;

/** How often a condition outside this process is looked at again. */
export const POLL_INTERVAL_MS = 5;

/** How long a process may take to end after SIGTERM before it is killed. */
export const STOP_TIMEOUT_MS = 2_000;

/** How long a program that answers a question (is this here?) may run. */
export const PROBE_TIMEOUT_MS = 10_000;

/** How long Chromium may take to start on a machine with other work. */
export const CHROMIUM_TIMEOUT_MS = 60_000;

/** How long PostgreSQL may take to make its files, to start, or to make a database. */
export const POSTGRES_TIMEOUT_MS = 60_000;

/** How long the compiler may take for one of the small C programs. */
export const COMPILE_TIMEOUT_MS = 60_000;

/** How long apt-get may take in all for one call. */
export const APT_TIMEOUT_MS = 300_000;

/** Bytes kept of each output stream of a process; the oldest go first. */
export const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

/** Memory that has to be free for a test that boots a machine of its own, in bytes. */
export const FREE_MEMORY_BYTES = 6 * 2 ** 30;
