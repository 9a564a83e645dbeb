/** Every limit of the panel, by name. */

/** How long a request may take, in milliseconds: a guest may need its five minutes to set a network up. */
export const REQUEST_TIMEOUT_MS = 330_000;

/** How long the stream of events may be silent before it counts as lost, in milliseconds: it beats every ten seconds. */
export const LIVE_SILENCE_MS = 25_000;

/** How long after a loss it is tried again, at first and at most, in milliseconds. */
export const LIVE_RETRY_FIRST_MS = 1_000;
export const LIVE_RETRY_MAX_MS = 30_000;

/** How long changes are collected before they are read, in milliseconds. */
export const COALESCE_MS = 40;

/** Up to how many changed servers are read one by one; beyond it the whole list is. */
export const CHANGED_SERVERS_MAX = 50;

/** How long something may take before it is said that it is waited for, in milliseconds. */
export const WAIT_NOTICE_MS = 150;

/** How long "Copied" stands, in milliseconds. */
export const COPIED_MS = 2_000;

/** With how many of several servers something is done at once. */
export const BULK_AT_ONCE_MAX = 4;
