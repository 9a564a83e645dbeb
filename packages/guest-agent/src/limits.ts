/** Every limit of the agent's conversation with the host, by name. */

/**
 * Largest answer in bytes. oxenstored takes values up to 2,048 bytes, C xenstored nodes of 2,048 with
 * their header and permissions.
 */
export const REPLY_MAX_BYTES = 1900;

/** How long an answer stays when the host does not remove it; no host waits longer for one. */
export const REPLY_KEPT_MS = 300_000;

/** Answers kept at a time, so that their ages fit into memory; a domain's quota holds fewer. */
export const REPLIES_TRACKED_MAX = 1024;

/** From how many answers on the agent looks which of them the host has removed, and forgets those. */
export const REPLIES_CHECKED_FROM = 32;

/** Own answers written again when the directory is emptied because it could not be listed. */
export const REPLIES_REWRITTEN_MAX = 100;

/** Answers removed at first when there is no room for a new one. */
export const ROOM_BATCH = 4;

/** Times that room is made for one answer, each time by removing twice as many: 1,020 in all. */
export const ROOM_ATTEMPTS_MAX = 8;

/**
 * Nodes held to be given up for answers when other programs of the guest have used its quota up. The
 * requests of a dom0, which no quota stops, count for the guest: n of them put C xenstored at n above
 * the quota, where nothing is created before n + 1 nodes are gone. Hosts ask one thing at a time.
 */
export const SPARE_NODES = 16;

/**
 * Names on the way to an injected file. Every new directory is looked for from the root on, and a
 * request has room for some 1,500: the agent would be deaf for half a minute.
 */
export const FILE_PATH_NAMES_MAX = 100;

/** Bytes of a password in UTF-8: programs that take passwords have 512 for one, some in a line of 511. */
export const PASSWORD_MAX_BYTES = 256;

/** Requests known and not yet served; those above it are found again by listing. */
export const REQUESTS_QUEUED_MAX = 1024;

/** Answers held in memory because XenStore refused both answer and removal. */
export const REPLIES_HELD_MAX = 64;

/** Time between two looks at `data/host`, in case a watch event was lost. Hosts wait 30 seconds. */
export const POLL_INTERVAL_MS = 10_000;

/** Pause after XenStore failed, before the next attempt. */
export const RETRY_DELAY_MS = 1000;

/** Failures after which a key exchange is forgotten. */
export const EXCHANGE_FAILURES_MAX = 3;

/** Time for the request in hand to finish when the agent is asked to end. */
export const CLOSE_TIMEOUT_MS = 30_000;

/** Lines of context around a difference that is shown (diff(1) shows as many). */
export const DIFF_CONTEXT_LINES = 3;

/** Old lines times new lines of a difference whose common lines are looked for: some 4 MB. */
export const DIFF_CELLS_MAX = 1_000_000;

/** Largest file with a network that the command line takes. */
export const NETWORK_FILE_MAX_BYTES = 262_144;

/** Requests of which the service tells what became of them. */
export const REQUESTS_RECORDED_MAX = 20;

/** Characters that the service keeps of a request's id; hosts take 36. */
export const REQUEST_ID_RECORDED_MAX = 64;

/** How long a request is worked on before the service tells that it is. */
export const REQUEST_LONG_MS = 1000;

/** Bytes of a password's line that are read, so that one that is too long is told apart. */
export const PASSWORD_INPUT_MAX_BYTES = 1024;

/** Largest file in which the service tells what it has done, in bytes. */
export const SERVICE_STATUS_MAX_BYTES = 65_536;

/** Largest configuration file, in bytes. */
export const CONFIG_MAX_BYTES = 65_536;

/** Time for one worker; what it does has shorter limits of its own. */
export const WORKER_LIMIT_MS = 300_000;

/** Bytes of a worker's line. */
export const WORKER_LINE_MAX_BYTES = 65_536;
