/** Every limit of the control service, by name. */

/** Longest path of a unix socket, in bytes: sun_path without its last zero (unix(7); macOS has 104). */
export const SOCKET_PATH_MAX_BYTES = process.platform === "darwin" ? 103 : 107;

/** How long the demo guest's agent may take until it answers for the first time, in milliseconds. */
export const AGENT_START_TIMEOUT_MS = 30_000;

/** A step of the start that takes longer than this is told while it goes on, in milliseconds. */
export const QUIET_STEP_MS = 1000;

/** How often a stale lock is looked at again before giving up. */
export const LOCK_ATTEMPTS_MAX = 3;

/** Random bytes in a generated password. */
export const PASSWORD_BYTES = 18;

/** How long whoever asks for the service's health waits for a part of it, in milliseconds. */
export const HEALTH_TIMEOUT_MS = 2000;

/** Between which durations requests are told apart in the metrics, in seconds. */
export const REQUEST_DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Shortest password of a user, in characters (NIST SP 800-63B, 5.1.1.2). */
export const PASSWORD_MIN_CHARACTERS = 8;

/** Longest password of a user, in bytes: the API looks at no longer one. */
export const PASSWORD_MAX_BYTES = 1024;

/** Largest configuration file that is read, in bytes. */
export const CONFIGURATION_MAX_BYTES = 1_048_576;
