/** Every limit of this package, by name. */

/** Largest body of a request, in bytes. */
export const BODY_MAX_BYTES = 1_048_576;

/** Longest token that is looked up, in characters: one of ours is much shorter. */
export const TOKEN_MAX_CHARACTERS = 512;

/** How long a token lasts, in milliseconds: an hour, as Keystone's do. */
export const TOKEN_LIFETIME_MS = 3_600_000;

/** How long a session of the Cloud Control Panel lasts, in milliseconds: a working day. */
export const SESSION_LIFETIME_MS = 28_800_000;

/** How often a user name may fail to authenticate from one address within `AUTHENTICATION_WINDOW_MS`. */
export const AUTHENTICATION_FAILURES_MAX = 10;

/** How often all user names together may fail to authenticate from one address within the window. */
export const ADDRESS_FAILURES_MAX = 100;

/** How long a failure to authenticate counts, in milliseconds. */
export const AUTHENTICATION_WINDOW_MS = 60_000;

/** How many user names and addresses with failures are remembered; the oldest are forgotten first. */
export const AUTHENTICATION_KEYS_MAX = 10_000;

/** Longest name, id, password or secret that is looked at, in characters. */
export const CREDENTIAL_MAX_CHARACTERS = 4096;

/** Random bytes of an application credential's secret that is made here. */
export const SECRET_BYTES = 48;

/** Shortest secret that users may choose: it is kept as a hash that is quick to make. */
export const SECRET_MIN_CHARACTERS = 32;

/** How many application credentials a user has (keystone.conf, [application_credential] user_limit). */
export const CREDENTIALS_PER_USER_MAX = 100;

/** How long requests may take to end when the server is closed, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 5_000;

/** How often a stream of events shows that it goes on, and whether its client still may listen, in milliseconds. */
export const EVENTS_BEAT_MS = 10_000;

/** How long a client waits before it follows the events anew, in milliseconds. */
export const EVENTS_RETRY_MS = 1000;

/** How much of a stream of events may wait for its client to read, in bytes; one that does not is ended. */
export const EVENTS_BUFFER_BYTES = 262_144;

/** How many changes a client that comes back is told of one by one; after more it reads everything anew. */
export const EVENTS_REPLAYED_MAX = 500;

/** How many streams of events one session follows at a time: each of a browser's tabs has one. */
export const EVENT_STREAMS_PER_SESSION_MAX = 8;

/** How many streams of events one user follows at a time, however many sessions that takes. */
export const EVENT_STREAMS_PER_USER_MAX = 100;

/** How many streams of events there are at a time. */
export const EVENT_STREAMS_MAX = 1000;

/** How many elements a list answers in one page. */
export const PAGE_MAX = 1000;
