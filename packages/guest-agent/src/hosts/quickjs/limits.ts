/** Every limit of the static executable's host, by name. */

/** Bytes of a task that a worker takes: a request of XenStore has at most 4,096. */
export const TASK_MAX_BYTES = 64 * 1024;

/** How long one line may wait for a log that is not read at the moment. */
export const LOG_WAIT_MS = 100;
