/** Every limit of what the agent does to the guest, by name. */

/** Largest file that is replaced, in bytes: its old content is held until the plan has succeeded. */
export const REPLACED_FILE_MAX_BYTES = 16 * 1024 * 1024;

/** Links followed on the way to one file before it counts as a loop (path_resolution(7)). */
export const LINKS_MAX = 40;

/** Backups of one file within one second before the agent gives up finding a free name. */
export const BACKUPS_PER_SECOND_MAX = 100;

/** Characters of a failed program's own words that go into the answer; a reply is under 1,900 bytes. */
export const PROGRAM_WORDS_MAX = 400;

/** Time for programs that answer at once, such as hostname(1). */
export const SHORT_PROGRAM_TIMEOUT_MS = 10_000;

/** Time for chpasswd(8); the host waits 30 seconds for the answer. */
export const PASSWORD_TIMEOUT_MS = 25_000;

/** Time for a registration at Red Hat's services; the host waits 30 seconds for the answer. */
export const REGISTRATION_TIMEOUT_MS = 25_000;

/** Largest program that is looked into for its first line; those that register have a few kilobytes. */
export const SCRIPT_MAX_BYTES = 256 * 1024;

/** Pause before the second attempt to reach XenStore at start; it doubles with every failure. */
export const CONNECT_DELAY_MIN_MS = 250;

/** Longest pause between two attempts to reach XenStore at start. */
export const CONNECT_DELAY_MAX_MS = 10_000;

/** How long the network services of a booting guest may take to start before the agent goes on without them. */
export const NETWORK_START_WAIT_MS = 60_000;

/** How long they may then take to bring about what is in their files. */
export const NETWORK_START_SETTLE_MS = 10_000;

/** Pause between two looks at them. */
export const NETWORK_START_POLL_MS = 500;

/** Largest journal and largest original: a file that is replaced, as base64 with what else is known of it. */
export const JOURNAL_MAX_BYTES = 2 * REPLACED_FILE_MAX_BYTES;

/**
 * Time for all steps of a recorded plan. With the 5 seconds for VIFs and 3 for a look at the kernel
 * before, and the time for taking back behind, it is within the 60 seconds that a host waits.
 */
export const PLAN_LIMIT_MS = 32_000;

/** Time for all programs that take a recorded plan back, and for the old gateway to answer again. */
export const TAKE_BACK_LIMIT_MS = 16_000;

/** What one program may take of the time that is left for taking back, so that none takes all. */
export const TAKE_BACK_SHARE = 0.5;

/** How long the start of the agent may hold up what is ordered behind it, such as the network. */
export const START_HELD_MAX_MS = 90_000;

/** Bytes kept of standard output and of standard error; what is over is read and dropped. */
export const OUTPUT_MAX_BYTES = 256 * 1024;

/** How long output is still awaited when a program has ended but left a service behind that holds its pipes. */
export const DRAIN_MS = 500;

/** Bytes read from a file at first: most have fewer, and memory that was used once stays in the process. */
export const READ_CHUNK_MIN_BYTES = 2048;

/** Bytes read from a large file at a time. */
export const READ_CHUNK_MAX_BYTES = 64 * 1024;
